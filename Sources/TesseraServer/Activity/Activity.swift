// Activity: the events of accounts, and the requests with their tokens. `Summaries/ActivitySentence.swift` words an event.
//
// /settings/activity         ActivityRoutes: ActivityPage
// /admin/activity            EverybodysActivityRoutes: EverybodysActivityPage
// /settings/requests         RequestRoutes: RecentRequestsPage
