// Signing in, and the sessions that follow. A password is checked in `Passwords/`.
//
// /login, /logout            SignInRoutes: SignInPage
// /login/confirm             ConfirmRoutes: ConfirmPage, for the password again before something sensitive
// /settings/sessions         SessionRoutes: SessionsPage, EndSessionsPage
