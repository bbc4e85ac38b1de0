import TesseraCore
import TesseraHTTP
import TesseraJOSE

/// A refusal as one line of the log: `refused ID cause method path address`, and `name=value` for what else is known.
///
/// Path and origin are percent-encoded, so that neither can hold a space or anything a terminal acts on.
struct RefusalLogLine: CustomStringConvertible {
    let description: String

    init(_ refusal: Refusal) {
        var words = [
            "refused", refusal.id.description, refusal.cause.rawValue,
            refusal.method.isEmpty ? "-" : refusal.method,
            refusal.path.isEmpty ? "-" : PercentEncoding.path(refusal.path), refusal.address,
            "status=\(refusal.status)",
        ]
        if let token = refusal.token { words.append("token=\(token)") }
        if let owner = refusal.owner { words.append("owner=\(owner)") }
        if let needed = refusal.needed { words.append("needed=\(Self.list(needed))") }
        if let held = refusal.held { words.append("held=\(Self.list(held))") }
        if let since = refusal.since { words.append("since=\(since.rfc3339)") }
        if let origin = refusal.origin { words.append("origin=\(PercentEncoding.path(origin))") }
        if let hint = refusal.hint { words.append("hint=\(hint.rawValue)") }
        description = words.joined(separator: " ")
    }

    private static func list(_ scope: Scope) -> String {
        scope.tokens.map(\.text).joined(separator: ",")
    }
}
