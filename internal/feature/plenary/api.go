package plenary

import "alliance/internal/platform/web"

func (p *Plenary) api(a *web.API) {}
