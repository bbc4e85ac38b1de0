import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraTime

/// A refusal as one line of the log: `refused ID cause method path address`, and `name=value` for what else is known.
///
/// Path and origin are percent-encoded, so that neither can hold a space or anything a terminal acts on.
struct RefusalLogLine: CustomStringConvertible {
    private let refusal: Refusal

    init(_ refusal: Refusal) { self.refusal = refusal }

    var description: String {
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
        if let detail = refusal.detail { words.append("detail=\(PercentEncoding.path(detail))") }
        return words.joined(separator: " ")
    }

    /// The same as members of an object.
    func write(to object: inout LogObject) {
        object.member("refusal", refusal.id.description)
        object.member("cause", refusal.cause.rawValue)
        if !refusal.method.isEmpty { object.member("method", refusal.method) }
        if !refusal.path.isEmpty { object.member("path", PercentEncoding.path(refusal.path)) }
        object.member("address", refusal.address)
        object.member("status", refusal.status)
        if let token = refusal.token { object.member("token", token.description) }
        if let owner = refusal.owner { object.member("owner", owner.description) }
        if let needed = refusal.needed { object.member("needed", needed.tokens.map(\.text)) }
        if let held = refusal.held { object.member("held", held.tokens.map(\.text)) }
        if let since = refusal.since { object.member("since", since.rfc3339) }
        if let origin = refusal.origin { object.member("origin", PercentEncoding.path(origin)) }
        if let hint = refusal.hint { object.member("hint", hint.rawValue) }
        if let detail = refusal.detail { object.member("detail", detail) }
    }

    private static func list(_ scope: Scope) -> String {
        scope.tokens.map(\.text).joined(separator: ",")
    }
}
