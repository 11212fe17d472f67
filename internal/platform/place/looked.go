package place

import "sync"

// looked keeps what was looked up last: a list of a thousand events names the
// same few towns again and again, and the gazetteer never changes.
var looked recent

// mostLooked is how many names are kept before all are forgotten: a megabyte or
// two. A map of half a continent names four thousand towns; fewer kept than one
// answer names would be of no use at all.
const mostLooked = 8000

type recent struct {
	mu    sync.RWMutex
	towns map[[2]string][]Town // by name and country
}

func (r *recent) get(asked [2]string, find func() []Town) []Town {
	const long = 100 // bytes: no town is called so
	if len(asked[0]) > long || len(asked[1]) > long {
		return find()
	}
	r.mu.RLock()
	found, ok := r.towns[asked]
	r.mu.RUnlock()
	if ok {
		return found
	}
	found = find()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.towns == nil || len(r.towns) >= mostLooked {
		r.towns = map[[2]string][]Town{}
	}
	r.towns[asked] = found
	return found
}
