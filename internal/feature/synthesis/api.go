package synthesis

import "alliance/internal/platform/web"

func (s *Synthesis) api(a *web.API) {}
