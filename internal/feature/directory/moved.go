package directory

import "alliance/internal/platform/web"

// The directory had a table and map data of its own, under these addresses. They
// are files of open data now, like those of all kinds: the same filters hold.

func (d *Directory) csv(c *web.Ctx) error {
	return c.Moved(readQuery(c.R.URL.Query()).records().Href("/open/organisation.csv"))
}

type movedOutput struct {
	Location string `header:"Location" doc:"Where it is now"`
}

func (d *Directory) apiGeo(c *web.Call, in *listInput) (*movedOutput, error) {
	return &movedOutput{"/" + c.Printer.Lang() + in.query().records().Href("/open/organisation.geojson")}, nil
}
