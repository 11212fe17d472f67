package help

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/image/webp"

	texts "alliance/docs/help"
	"alliance/internal/platform/design"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
)

// page is one page in one language.
type page struct {
	Name, Title, Lead string
	HTML              string // what follows the lead
	Light             string // the same, with links in place of pictures: for who asked for less
	Pictures          bool
	folded            string // all its words, to be found by
}

var (
	label    = regexp.MustCompile(`\{([a-z0-9._-]+)\}`)
	tag      = regexp.MustCompile(`<[^>]*>`)
	value    = regexp.MustCompile(`\{[A-Za-z0-9_]+\}`)
	asciiDot = regexp.MustCompile("[!-/:-@\\[-`{-~]") // whatever means something in Markdown
)

// english are the words of the labels that texts name.
var english = sync.OnceValue(func() map[string]string {
	words := map[string]string{}
	b, err := texts.Files.ReadFile("labels.json")
	if err == nil {
		err = json.Unmarshal(b, &words)
	}
	if err != nil {
		panic("help: labels.json: " + err.Error()) // embedded: it is read by every test
	}
	return words
})

// labelled puts the words of labels into a text, in bold. What a label leaves
// open ("Close the vote on motion {n}?") becomes three dots.
func labelled(source string, p *locale.Printer) string {
	return label.ReplaceAllStringFunc(source, func(m string) string {
		key := m[1 : len(m)-1]
		words := value.ReplaceAllString(p.T(key, english()[key]), "…")
		return "**" + asciiDot.ReplaceAllString(words, `\$0`) + "**"
	})
}

// read makes a page of a text. Raw HTML in it is left out by goldmark.
func read(source []byte, name string, p *locale.Printer) (page, error) {
	said := page{Name: name}
	var err error
	if said.HTML, err = said.render(source, p, false); err == nil {
		said.Light, err = said.render(source, p, true)
	}
	said.folded = lang.Fold(said.Title + " " + said.Lead + " " + html.UnescapeString(tag.ReplaceAllString(said.HTML, " ")))
	return said, err
}

func (said *page) render(source []byte, p *locale.Printer, light bool) (string, error) {
	source = []byte(labelled(string(source), p))
	doc := goldmark.DefaultParser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext()))
	title, isTitle := doc.FirstChild().(*ast.Heading)
	if !isTitle || title.Level != 1 {
		return "", fmt.Errorf("help: %s in %s does not begin with a title", said.Name, p.Lang())
	}
	lead, isLead := title.NextSibling().(*ast.Paragraph)
	if !isLead {
		return "", fmt.Errorf("help: %s in %s: no paragraph below the title", said.Name, p.Lang())
	}
	said.Title, said.Lead = plain(title, source), plain(lead, source)
	doc.RemoveChild(doc, title)
	doc.RemoveChild(doc, lead)
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if strings.HasPrefix(string(n.Destination), "/") {
				n.Destination = []byte("/" + p.Lang() + string(n.Destination))
			}
		case *ast.CodeSpan: // to be typed as it stands, whatever direction and language it stands in
			n.SetAttributeString("dir", []byte("ltr"))
			n.SetAttributeString("translate", []byte("no"))
		case *ast.Image:
			said.Pictures = true
			return ast.WalkContinue, place(n, p.Lang())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", err
	}
	if light {
		unseen(doc)
	}
	var b bytes.Buffer
	err = goldmark.DefaultRenderer().Render(&b, source, doc)
	return b.String(), err
}

// plain is the text of a block, without marks.
func plain(n ast.Node, source []byte) string {
	return strings.TrimSpace(strings.Join(strings.Fields(string(n.Lines().Value(source))), " "))
}

// across is how wide pictures are shown: as the phone they are taken on, which
// may have more pixels than that.
const across = 360

// place leads a picture to its file, and says how large it is, so that nothing
// moves when it comes.
func place(n *ast.Image, in string) error {
	file := in + "/" + string(n.Destination)
	b, err := texts.Files.ReadFile(file)
	if err != nil {
		return err
	}
	size, err := webp.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("help: %s: %w", file, err)
	}
	n.Destination = []byte(design.Asset(asset(file)))
	n.SetAttributeString("width", []byte(strconv.Itoa(across)))
	n.SetAttributeString("height", []byte(strconv.Itoa(size.Height*across/size.Width)))
	n.SetAttributeString("loading", []byte("lazy"))
	return nil
}

// unseen turns pictures into links to them.
func unseen(doc ast.Node) {
	var pictures []*ast.Image
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if i, ok := n.(*ast.Image); ok && entering {
			pictures = append(pictures, i)
		}
		return ast.WalkContinue, nil
	})
	for _, i := range pictures {
		to := ast.NewLink()
		to.Destination = i.Destination
		for c := i.FirstChild(); c != nil; c = i.FirstChild() {
			to.AppendChild(to, c)
		}
		i.Parent().ReplaceChild(i.Parent(), i, to)
	}
}

// asset names a picture among the files of all pages: "help-fr-join.webp".
func asset(file string) string { return "help-" + strings.ReplaceAll(file, "/", "-") }

// Their addresses are made when the program starts, as those of package design are.
var _ = pictures()

func pictures() (n int) {
	fs.WalkDir(texts.Files, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".webp" {
			b, _ := texts.Files.ReadFile(file) // embedded
			design.AddAsset(asset(file), b)
			n++
		}
		return err
	})
	return n
}

// readAll makes all pages in all languages: language → name → page.
func readAll(catalog *locale.Catalog) (map[string]map[string]page, error) {
	all := map[string]map[string]page{}
	for _, in := range locale.Languages {
		all[in] = map[string]page{}
		for _, name := range Pages() {
			source, err := texts.Files.ReadFile(in + "/" + name + ".md")
			if err != nil {
				return nil, err
			}
			if all[in][name], err = read(source, name, catalog.For(in)); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
