package place

func (p Place) Public() Place { return p }

type CountryInfo struct {
	Code      string
	Lat, Lon  float64
	Region    string
	Continent string
}

func Country(code string) (CountryInfo, bool)         { return CountryInfo{}, false }
func Countries() []string                             { return nil }
func ParseCountry(name string) (code string, ok bool) { return "", false }

type Town struct {
	ID         int     `json:"id"`
	Name       string  `json:"name"`
	Country    string  `json:"country"`
	Lat        float64 `json:"lat"`
	Lon        float64 `json:"lon"`
	Population int     `json:"population"`
}

func (t Town) In(tag string) string                 { return t.Name }
func ByID(id int) (Town, bool)                      { return Town{}, false }
func Lookup(name, country string) []Town            { return nil }
func Suggest(prefix, country string, n int) []Town  { return nil }
func Nearest(lat, lon float64) Town                 { return Town{} }
func FindInText(text string, country string) []Town { return nil }
func Project(lat, lon float64) (x, y float64)       { return 0, 0 }
func LandSVG() []byte                               { return nil }
