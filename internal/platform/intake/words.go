package intake

import (
	"embed"

	"alliance/internal/platform/locale"
)

// Phrases are the words of this package in the other languages.
//
//go:embed phrases
var Phrases embed.FS

func phrase(key, english string) locale.Phrase { return locale.Phrase{Key: key, English: english} }

// Sentences say the doubts that all kinds share.
var Sentences = map[Code]locale.Phrase{
	NameMissing: phrase("intake.doubt.name", "This row has no name."),
	NameOdd:     phrase("intake.doubt.odd", "There are signs in it that are no letters."),
	Twice:       phrase("intake.doubt.twice", "Row {n} of the list is nearly the same: {other}."),
	Known:       phrase("intake.doubt.known", "One that is nearly the same is here: {other}."),
	Unreadable:  phrase("intake.doubt.unreadable", "{field}: “{value}” is no answer we understand. It would be left out."),
	Lacks:       phrase("intake.doubt.lacks", "Not answered: {list}. It is kept as a draft until somebody adds it."),
	Nowhere:     phrase("intake.doubt.nowhere", "We know no town near {value}. It would be brought in without a place."),
	LineShort:   phrase("intake.doubt.line-short", "This row has fewer cells than the others."),
	LineLong:    phrase("intake.doubt.line-long", "This row has more cells than the others."),
	LineQuote:   phrase("intake.doubt.line-quote", "A quotation mark opens in this row and is never closed."),
	LineCut:     phrase("intake.doubt.line-cut", "A cell of this row is very long. Its end was cut."),
	LineFormula: phrase("intake.doubt.line-formula", "A formula in this row has no result. Open the file in your spreadsheet, save it, and bring it in again."),
}

// Shorts name them in filters.
var Shorts = map[Code]locale.Phrase{
	NameMissing: phrase("intake.doubt.name.short", "No name"),
	NameOdd:     phrase("intake.doubt.odd.short", "Odd signs"),
	Twice:       phrase("intake.doubt.twice.short", "Twice in the list"),
	Known:       phrase("intake.doubt.known.short", "Here already"),
	Unreadable:  phrase("intake.doubt.unreadable.short", "Not understood"),
	Lacks:       phrase("intake.doubt.lacks.short", "Answers missing"),
	Nowhere:     phrase("intake.doubt.nowhere.short", "Place unknown"),
	LineShort:   phrase("intake.doubt.line-short.short", "Cells missing"),
	LineLong:    phrase("intake.doubt.line-long.short", "Too many cells"),
	LineQuote:   phrase("intake.doubt.line-quote.short", "Open quotation mark"),
	LineCut:     phrase("intake.doubt.line-cut.short", "Very long"),
	LineFormula: phrase("intake.doubt.line-formula.short", "Formula"),
}

// Codes in the order pages show them.
var Codes = []Code{Nowhere, NameOdd, Unreadable, Lacks, Twice, Known, NameMissing, LineShort, LineLong, LineQuote, LineCut, LineFormula}
