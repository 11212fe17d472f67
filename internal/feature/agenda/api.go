package agenda

import "alliance/internal/platform/web"

func (g *Agenda) api(a *web.API) {}
