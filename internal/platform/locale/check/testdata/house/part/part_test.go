package part

var _ = v.T("part.test", "Tests are not read")
