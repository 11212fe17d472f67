package lang

// Offered are the languages that forms offer to tick, beyond which any BCP 47
// tag may be written: those of the interface first, then the ones most spoken
// where the alliance works.
var Offered = []string{"fr", "en", "es", "pt", "it", "de", "ar", "am", "bm", "bn", "ca", "da", "el", "fa", "ff", "ha", "ht", "ku", "ln", "mg", "nl", "pl", "prs", "ps", "ro", "ru", "so", "sq", "sv", "sw", "ta", "ti", "tr", "uk", "ur", "vi", "wo", "zgh", "zh"}
