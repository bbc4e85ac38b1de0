// Accounts: opened, shown and changed by their own people.
//
// /api/me                    MeEndpoint, the hot path of a check
// /register                  RegisterRoutes: RegisterPage, RegisteredBeforePage; `Registration` counts the attempts
// /settings/password         PasswordRoutes: PasswordPage
// /settings/security         SecurityRoutes: SecurityPage
//
// `AccountChange` is for programs that embed the authority.
