package app

// Pause ends the work in the background; pages still answer. For what must
// find the data standing still.
func (a *App) Pause() {
	if a.stop != nil {
		a.stop()
		a.House.Jobs.Wait()
	}
}
