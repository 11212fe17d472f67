// Command cmd starts one throwaway PostgreSQL server, runs the command given
// with the server's URL in ALLIANCE_TEST_POSTGRES, stops the server and ends as
// the command did. A server that is already named there is used as it is.
//
//	go run ./internal/housetest/postgres/cmd go test ./...
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"alliance/internal/housetest/postgres"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: cmd COMMAND [ARGUMENT…], run with a PostgreSQL server in "+postgres.Env)
		return 2
	}
	// The terminal's interrupt goes to the command too; stay to stop the server after it.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM)
	if os.Getenv(postgres.Env) == "" {
		c, err := postgres.Start()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer c.Stop()
		os.Setenv(postgres.Env, c.URL)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exit.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
