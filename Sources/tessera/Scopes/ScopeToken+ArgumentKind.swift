import TesseraCore

extension ArgumentKind<ScopeToken> {
    static var scope: ArgumentKind {
        ArgumentKind("NAME", "a scope: 1 to 100 printable ASCII characters without space, \" and \\") {
            ScopeToken($0)
        }
    }
}
