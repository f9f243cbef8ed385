package slack

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// hanging is a store that does not answer.
type hanging struct{ Actions }

func (hanging) Shown(ctx context.Context, _ string) (Shown, error) {
	<-ctx.Done()
	return Shown{}, ctx.Err()
}

// A press that hangs is given up when there is no more time to wait for it.
func TestShutdownOfInteractionsIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i, err := NewInteractions(InteractionsConfig{Actions: hanging{}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.Handle(t.Context(), pressOn(actionAcknowledge, "a1")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if i.Shutdown(ctx); time.Since(began) != 3*time.Second {
			t.Errorf("shut down after %s, want three seconds", time.Since(began))
		}
		i.Wait()
		if time.Since(began) != 3*time.Second {
			t.Errorf("the press went on for %s", time.Since(began))
		}
	})
}
