package event

import (
	"strings"
	"unicode/utf16"
)

// What a single text message holds: letters of the GSM alphabet, or UTF-16
// units as soon as one letter is not in it.
const (
	smsGSM  = 160
	smsUCS2 = 70
)

// gsm is the basic alphabet of GSM 03.38; those of gsmTwo count double.
const (
	gsm    = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwo = "\f^{}\\[~]|€"
)

// smsSize counts a text as a phone does, and tells how much fits.
func smsSize(s string) (n, most int) {
	for _, r := range s {
		switch {
		case strings.ContainsRune(gsm, r):
			n++
		case strings.ContainsRune(gsmTwo, r):
			n += 2
		default:
			return len(utf16.Encode([]rune(s))), smsUCS2
		}
	}
	return n, smsGSM
}

// plainSMS writes typographic signs the way a phone has them, so that one
// curly apostrophe does not cost ninety letters.
var plainSMS = strings.NewReplacer("’", "'", "‘", "'", "“", "\"", "”", "\"", "«\u202f", "\"", "\u202f»", "\"", "«", "\"", "»", "\"", "–", "-", "—", "-", "…", "...", "\u00a0", " ", "\u202f", " ", "\u2068", "", "\u2069", "", "·", ".")

// smsText puts an event into one text message: when and where to read more
// first, then as much of the title and the place as fits.
func smsText(title, when, place, link string) string {
	title, when, place = plainSMS.Replace(title), plainSMS.Replace(when), plainSMS.Replace(place)
	link = strings.TrimPrefix(strings.TrimPrefix(link, "https://"), "http://")
	fits := func(s string) bool { n, most := smsSize(s); return n <= most }
	join := func(parts ...string) string {
		var kept []string
		for _, p := range parts {
			if p != "" {
				kept = append(kept, p)
			}
		}
		return strings.Join(kept, "\n")
	}
	for _, try := range [][2]string{{place, link}, {"", link}, {"", ""}} {
		if s := join(title, when, try[0], try[1]); fits(s) {
			return s
		}
		// Room for at least a few words of the title, or the rest is of no use.
		for cut := len([]rune(title)) - 1; cut >= 12; cut-- {
			if s := join(strings.TrimSpace(string([]rune(title)[:cut]))+"..", when, try[0], try[1]); fits(s) {
				return s
			}
		}
	}
	for cut := len([]rune(title)); cut > 0; cut-- {
		if s := join(string([]rune(title)[:cut]), when); fits(s) {
			return s
		}
	}
	return ""
}
