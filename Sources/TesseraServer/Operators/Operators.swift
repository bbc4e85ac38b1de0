// Operators: the accounts of others, and the state of the service. For other users these pages do not exist.
//
// /admin/users               UserRoutes: UsersPage, UserPage, UserTokensPage, UserActionPage
// /admin/status              StatusRoutes: StatusPage
