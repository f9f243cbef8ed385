package slack

import (
	"errors"
	"sync"
	"time"
)

// What Slack allows of one response URL. It counts from the command or the
// press; here it counts from the first use, which is a minute later at most.
const (
	responseUses = 5
	responseFor  = 29 * time.Minute
)

// uses counts how often response URLs were used, so that an answer that Slack
// would refuse is refused here and the log says why. The zero uses is ready.
type uses struct {
	mu    sync.Mutex
	known map[string]use // by address
}

type use struct {
	first time.Time
	times int
}

// take uses an address once more, or says why Slack would not have it.
func (u *uses) take(address string, now time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	used, again := u.known[address]
	switch {
	case !again:
		u.forget(now)
		used.first = now
	case now.Sub(used.first) >= responseFor:
		return errors.New("answering: Slack takes answers for half an hour, and that is over")
	case used.times >= responseUses:
		return errors.New("answering: Slack takes five answers to one command or press, and has had five")
	}
	used.times++
	if u.known == nil {
		u.known = map[string]use{}
	}
	u.known[address] = used
	return nil
}

// spare takes a use back that Slack never saw.
func (u *uses) spare(address string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	used := u.known[address]
	used.times--
	u.known[address] = used
}

// forget drops what is over for long: nobody has such an address any more.
func (u *uses) forget(now time.Time) {
	for address, used := range u.known {
		if now.Sub(used.first) >= 2*responseFor {
			delete(u.known, address)
		}
	}
}
