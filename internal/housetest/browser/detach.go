package browser

import (
	"os/exec"
	"syscall"
)

// detach puts a command in its own process group: an interrupt at the terminal ends the tests, not it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
