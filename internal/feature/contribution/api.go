package contribution

import "alliance/internal/platform/web"

func (f *Feature) api(a *web.API) {}
