package store

// Step is one of a transaction at which a disk can fail it.
type Step string

// The steps at which a transaction can fail. Reads have the first alone, and so
// have writes that find nothing to write.
const (
	// StepBegin is before it: nothing is read or written.
	StepBegin Step = "begin"
	// StepWrite is before what it wrote goes to disk, as on one that is full: all
	// of it is undone.
	StepWrite Step = "write"
	// StepSynced is after that, as where the last sync fails: it is on disk, though
	// it is said to have failed.
	StepSynced Step = "synced"
)

// fault is the error of a step that is made to fail.
func (s *Store) fault(doing string, at Step) error {
	if s.faults == nil {
		return nil
	}
	return s.faults(doing, at)
}
