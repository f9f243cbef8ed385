package slack

// Person is who asks, and where: what access is decided by.
type Person struct {
	User        string // by ID
	Channel     string // by ID; "" where there is none
	ChannelName string // without #; "" where it is not known
}
