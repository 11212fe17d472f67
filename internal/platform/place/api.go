package place

func FindInText(text string, country string) []Town { return nil }
