package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// valid runs the Nu checker over the HTML as sent, all pages in one start of Java.
func (a *audit) valid(pages []Page) []Finding {
	broken := func(err error) []Finding {
		return []Finding{{pages[0].URL, "HTML validity", "page", fmt.Sprintf("the Nu checker to run: %v", err)}}
	}
	if len(pages) == 0 {
		return nil
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return broken(fmt.Errorf("no Java is installed, and the HTML validator needs it. On Debian or Ubuntu: apt-get install default-jre-headless (or scripts/need --install as root)"))
	}
	dir, err := os.MkdirTemp("", "alliance-html-")
	if err != nil {
		return broken(err)
	}
	defer os.RemoveAll(dir)
	client := &http.Client{Timeout: 30 * time.Second}
	address := map[string]string{}
	args := []string{"-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", a.jar, "--format", "json", "--stdout", "--exit-zero-always"}
	for i, p := range pages {
		resp, err := a.get(client, p)
		if err != nil {
			return broken(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return broken(err)
		}
		file := filepath.Join(dir, fmt.Sprintf("%d.html", i))
		if err := os.WriteFile(file, body, 0o600); err != nil {
			return broken(err)
		}
		address[file] = p.URL
		args = append(args, file)
	}
	cmd := exec.Command(java, args...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return broken(fmt.Errorf("%w: %.300s", err, complaint.String()))
	}
	var report struct {
		Messages []struct {
			Type, URL, Message, Extract string
			LastLine                    int
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return broken(err)
	}
	var found []Finding
	for _, m := range report.Messages {
		if m.Type != "error" && m.Type != "non-document-error" {
			continue
		}
		found = append(found, Finding{address[strings.TrimPrefix(m.URL, "file:")], "HTML validity",
			fmt.Sprintf("line %d: %s", m.LastLine, strings.Join(strings.Fields(m.Extract), " ")), "valid HTML: " + m.Message})
	}
	return found
}
