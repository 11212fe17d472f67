package search

import "strings"

// stop holds words that nearly every text of a language has, folded. The
// language of a query is not known, so a word stands here only if it tells
// nothing in any of the seven: "war" (de), "car" (fr), "sans" are searched.
var stop = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
l d j m n s t c qu le la les un une des du de et ou en au aux est ce ces cet cette se sa ses leur leurs que qui dans pour par sur avec il elle ils elles nous vous
the a an of and or in on at to for by with from is are was be it its this that these those as
el los las una unos unas y e o del al con por para su sus es lo que como
os as um uma do da dos das na no nos nas ao aos pelo pela com
i il lo gli uno di dei delle della dello degli nel nella nelle con per che e ed al alla alle dal dalla
der die das den dem ein eine einen einem einer eines und oder im am zu zur zum von vom mit fur auf ist sind bei
في من على الى عن ان هذا هذه ذلك التي الذي مع او ثم هو هي و ما
`) {
		m[w] = true
	}
	return m
}()
