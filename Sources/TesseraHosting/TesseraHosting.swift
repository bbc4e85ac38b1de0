// TesseraHosting: the process that serves: its log, its metrics, its jobs, its signals and its clock.
//
// It depends on TesseraHTTP (the facts of a request in the log), TesseraCore (runs of jobs, redaction), TesseraTime
// and TesseraJSON. It knows no token, user or session: `TesseraServer/Operation` fills the log, the metrics and the list of
// jobs.
//
// Where to open: a line of the log in `Log/`; `/metrics` in `Metrics/`; the engine of the jobs in `Jobs/Housekeeping.swift`;
// the end of a process in `Process/TerminationSignal.swift`; the time of day in `Clock/SystemClock.swift`.
