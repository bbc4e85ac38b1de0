// Refusals: the reasons why requests were refused. They are kept in `Errors/`, and explained in TesseraCore.
//
// /refusals/ID               RefusalRoutes: RefusalPage, RefusalNotFoundPage
// /admin/refusals            RefusalListRoutes: RefusalsPage
