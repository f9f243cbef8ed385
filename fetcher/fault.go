package fetcher

// Fault says what keeps a source from answering, as far as a person would do
// something else about it. Errors of sources tell theirs by a method Fault.
type Fault string

// The faults of sources. The zero Fault is one that nobody knows.
const (
	FaultToken   Fault = "token"   // it refuses who asks
	FaultAddress Fault = "address" // it does not know the account, or the path
	FaultBusy    Fault = "busy"    // it asks to be left alone
	FaultSource  Fault = "source"  // it has trouble, or says what is no answer
	FaultNetwork Fault = "network" // it is not reached
)
