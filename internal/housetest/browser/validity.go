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

// valid runs two checkers over the HTML as sent, all pages in one start of each:
// the Nu checker (Java) and html-validate (Node), which knows rules of good practice.
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
	found, err := nu(java, args, address)
	if err != nil {
		return broken(err)
	}
	more, err := practice(dir, address)
	if err != nil {
		return broken(err)
	}
	return append(found, more...)
}

func nu(java string, args []string, address map[string]string) (found []Finding, err error) {
	cmd := exec.Command(java, args...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %.300s", err, complaint.String())
	}
	var report struct {
		Messages []struct {
			Type, URL, Message, Extract string
			LastLine                    int
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, err
	}
	for _, m := range report.Messages {
		if m.Type != "error" && m.Type != "non-document-error" {
			continue
		}
		found = append(found, Finding{address[strings.TrimPrefix(m.URL, "file:")], "HTML validity",
			fmt.Sprintf("line %d: %s", m.LastLine, strings.Join(strings.Fields(m.Extract), " ")), "valid HTML: " + m.Message})
	}
	return found, nil
}

// practices are html-validate's rules less those of taste, and less those that other checks hold.
const practices = `{"root":true,"extends":["html-validate:standard","html-validate:a11y","html-validate:document"],"rules":{
"no-trailing-whitespace":"off","void-style":"off","long-title":"off","require-sri":"off","no-inline-style":"off","doctype-style":"off",
"attr-quotes":"off","no-raw-characters":"off","attribute-boolean-style":"off","prefer-native-element":"warn","allowed-links":"off","no-implicit-button-type":"off"}}`

func practice(dir string, address map[string]string) (found []Finding, err error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("no Node.js is installed, and a checker of HTML needs it. On Debian or Ubuntu: apt-get install nodejs (or scripts/need --install as root)")
	}
	script, err := npm("html-validate/bin/html-validate.mjs")
	if err != nil {
		return nil, err
	}
	rules := filepath.Join(dir, "rules.json")
	if err := os.WriteFile(rules, []byte(practices), 0o600); err != nil {
		return nil, err
	}
	answer := filepath.Join(dir, "report.json") // not through a pipe: it exits before the last of it is written
	cmd := exec.Command(node, script, "--config", rules, "--formatter", "json="+answer, filepath.Join(dir, "*.html"))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	failed := cmd.Run() // status 1 when it finds something
	out, err := os.ReadFile(answer)
	if err != nil {
		return nil, fmt.Errorf("html-validate: %w: %w: %.300s", failed, err, complaint.String())
	}
	var report []struct {
		FilePath string
		Messages []struct {
			RuleID, Message string
			Severity, Line  int
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("html-validate: %w: %w: %.300s", failed, err, complaint.String())
	}
	for _, f := range report {
		for _, m := range f.Messages {
			if m.Severity == 2 {
				found = append(found, Finding{address[f.FilePath], "HTML practice " + m.RuleID, fmt.Sprintf("line %d", m.Line), m.Message})
			}
		}
	}
	return found, nil
}
