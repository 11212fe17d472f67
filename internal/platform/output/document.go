package output

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/record"
)

// DOCX writes records as a text document (ECMA-376, transitional): headings,
// facts, texts, each paragraph in its language and direction. Written by hand:
// what is needed are four small parts of one format.
func (s Set) DOCX() ([]byte, error) {
	var body strings.Builder
	for i, r := range s.Records {
		s.chapter(&body, r, i > 0)
	}
	return pack(body.String(), s.View.Lang())
}

// pack puts the four parts of a text document around its paragraphs.
func pack(body, tag string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", docxRelations},
		{"word/_rels/document.xml.rels", docxDocumentRelations},
		{"word/styles.xml", strings.ReplaceAll(docxStyles, "{lang}", tag)},
		{"word/document.xml", xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body +
			`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:body></w:document>`},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(part.content)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func (s Set) chapter(b *strings.Builder, r record.Record, breakBefore bool) {
	title := s.text(r.Title())
	paragraph(b, "Title", title.Lang, title.S, breakBefore)
	here := s.View.Lang()
	for _, c := range s.Columns() {
		ask, asked := s.Spec.Question(c.Name)
		if asked && ask.Text() || c.Name == "id" || c.Name == "lang" || c.Name == "lat" || c.Name == "lon" {
			continue
		}
		if words := c.cell(s, r); words != "" {
			paragraph(b, "Normal", here, c.Label+s.View.T("output.colon", ": ")+words, false)
		}
	}
	for _, ask := range s.Spec.Questions()[1:] {
		text := s.text(r.Text(ask.Name))
		if !ask.Text() || text.S == "" {
			continue
		}
		paragraph(b, "Heading1", here, s.View.Say(ask.Label), false)
		if text.Missing {
			paragraph(b, "Note", here, s.View.T("output.original", "Written in {language}. Not translated yet.", "language", s.View.Language(text.Lang)), false)
		}
		for _, line := range strings.Split(text.S, "\n") {
			if strings.TrimSpace(line) != "" {
				paragraph(b, "Normal", text.Lang, line, false)
			}
		}
	}
	if beside := s.Beside[r.ID]; len(beside) > 0 {
		paragraph(b, "Heading1", here, s.View.T("output.documents", "Documents and pictures"), false)
		for _, d := range beside {
			paragraph(b, "Normal", d.Lang, d.Words, false)
			paragraph(b, "Note", here, d.About(s.View)+" – "+s.Address(d), false)
			if d.Credit != "" {
				paragraph(b, "Note", here, d.Credit, false)
			}
		}
	}
}

// Blank writes what a kind asks as a text document to fill in, on a screen or
// on paper: for who meets people where there is no network.
func Blank(v design.View, many string, spec *record.Spec, of alliance.Alliance) ([]byte, error) {
	var b strings.Builder
	say := func(style, words string) { paragraph(&b, style, v.Lang(), words, false) }
	choices := func(label string, options []string) {
		say("Strong", label)
		for _, o := range options {
			say("Normal", "☐ "+o)
		}
	}
	line := func(label string) { say("Strong", label); say("Normal", strings.Repeat("…", 40)) }
	topics := func(all []alliance.Topic) (names []string) {
		for _, t := range all {
			names = append(names, t.Name.In(v.Lang()).S)
		}
		return names
	}
	say("Title", many)
	say("Note", v.T("output.blank", "Version {n} of the questions. Answer what you know, in your language. What stands with a star is needed before it is published.", "n", spec.Version))
	sections := append([]record.Section{{Questions: []record.Question{spec.Title, spec.Summary}}}, spec.Sections...)
	for _, s := range sections {
		if s.Title.Key != "" {
			say("Heading1", v.Say(s.Title))
		}
		for _, q := range s.Questions {
			if q.Kept || q.Until != 0 && q.Until < spec.Version {
				continue
			}
			label := v.Say(q.Label)
			if q.Required {
				label += " *"
			}
			if len(q.Options) > 0 {
				var options []string
				for _, o := range q.Options {
					options = append(options, v.Say(o.Label))
				}
				choices(label, options)
			} else {
				line(label)
			}
			if q.Hint.Key != "" {
				say("Note", v.Say(q.Hint))
			}
		}
	}
	if spec.Place {
		line(v.T("output.country", "Country"))
		line(v.T("output.town", "Town"))
	}
	if spec.Axis {
		choices(v.T("output.axis", "Line of work"), topics(of.Axes))
	}
	if spec.Themes {
		choices(v.T("output.themes", "Themes"), topics(of.Themes))
	}
	return pack(b.String(), v.Lang())
}

func paragraph(b *strings.Builder, style, tag, words string, breakBefore bool) {
	rtl := lang.Dir(tag) == "rtl"
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>`)
	if breakBefore {
		b.WriteString(`<w:pageBreakBefore/>`)
	}
	if rtl {
		b.WriteString(`<w:bidi/>`)
	}
	b.WriteString(`</w:pPr><w:r><w:rPr>`)
	if rtl {
		b.WriteString(`<w:rtl/><w:lang w:bidi="`)
	} else {
		b.WriteString(`<w:lang w:val="`)
	}
	xml.EscapeText(b, []byte(tag))
	b.WriteString(`"/></w:rPr><w:t xml:space="preserve">`)
	xml.EscapeText(b, []byte(clean(words)))
	b.WriteString(`</w:t></w:r></w:p>`)
}

const docxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`

const docxRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`

const docxDocumentRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`

const docxStyles = xml.Header + `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="24"/><w:lang w:val="{lang}" w:bidi="ar"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="26"/><w:szCs w:val="28"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Strong"><w:name w:val="Question"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="120" w:after="60"/></w:pPr><w:rPr><w:b/><w:bCs/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Note"/><w:basedOn w:val="Normal"/><w:rPr><w:i/><w:color w:val="574F63"/></w:rPr></w:style></w:styles>`
