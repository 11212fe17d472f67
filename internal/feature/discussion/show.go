package discussion

import "sort"

func asValue(f form) string {
	if f.Own {
		return "own"
	}
	return "mandate"
}

func tick(is bool) string {
	if is {
		return "1"
	}
	return ""
}

// edited tells that the original words were changed after they were said.
func edited(c Comment) bool { return c.State == Standing && c.Words.V[c.Words.Orig].R > 1 }

// ids keeps the identifiers of several forms on one page apart; the one that
// failed has the plain ones, which the list of errors leads to.
func ids(p commentPage, form, field string) string {
	if p.Shown == form {
		return field
	}
	return form + "-" + field
}

func reasonOf(p commentPage, form string) string {
	if p.Shown == form {
		return string(p.Reason)
	}
	return ""
}

func noteOf(p commentPage, form string) string {
	if p.Shown == form {
		return p.Note
	}
	return ""
}

// older is the version before, the zero one before the first.
func older(list []version, i int) version {
	if i+1 < len(list) {
		return list[i+1]
	}
	return version{}
}

// changedIn lists the languages in which the words changed.
func changedIn(now, before version) (tags []string) {
	seen := map[string]bool{}
	for _, v := range []version{now, before} {
		for tag := range v.Words.V {
			if !seen[tag] && now.Words.V[tag].S != before.Words.V[tag].S {
				seen[tag] = true
				tags = append(tags, tag)
			}
		}
	}
	sort.Strings(tags)
	return tags
}
