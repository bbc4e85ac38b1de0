import TesseraCore
import TesseraJSON
import TesseraTime

extension RefusalReport {
    /// The columns of a list: time, cause, status, request, address, owner and identifier.
    var row: [String] {
        [
            refusal.at.inTable, refusal.cause.rawValue, String(refusal.status),
            refusal.method.isEmpty ? "-" : "\(refusal.method) \(refusal.path)", refusal.address,
            owner?.email.text ?? "-", refusal.id.description,
        ]
    }

    /// The facts of one refusal, the most important first.
    var facts: [(String, String)] {
        let all: [(String, String?)] = [
            ("When", refusal.at.rfc3339),
            ("Request", refusal.method.isEmpty ? nil : "\(refusal.method) \(refusal.path)"),
            ("Status", String(refusal.status)),
            ("Cause", refusal.cause.rawValue),
            ("From", refusal.address),
            ("Origin", refusal.origin),
            ("Token", token.map { "\($0.name) (\($0.id))" } ?? refusal.token?.description),
            ("Owner", owner?.email.text ?? refusal.owner?.description),
            ("Needed", refusal.needed?.description),
            ("Held", refusal.held?.description),
            ("Since", refusal.since?.rfc3339),
            ("Revoked by", revokerPhrase(for: nil)),
            ("Detail", refusal.detail),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension JSONWriter {
    /// Writes all facts of a refusal.
    mutating func members(of report: RefusalReport) {
        let refusal = report.refusal
        let explanation = report.explanation()
        member("id", refusal.id.description)
        member("at", refusal.at.rfc3339)
        member("cause", refusal.cause.rawValue)
        member("title", explanation.title)
        member("explanation", explanation.sentence)
        member("advice", explanation.advice)
        member("status", refusal.status)
        member("method", refusal.method)
        member("path", refusal.path)
        member("address", refusal.address)
        member("origin", refusal.origin)
        member("hint", refusal.hint?.rawValue)
        member("token_id", refusal.token?.description)
        member("token_name", report.token?.name.text)
        member("owner", report.owner?.email.text ?? refusal.owner?.description)
        member("needed", refusal.needed?.tokens.map(\.text) ?? [])
        member("held", refusal.held?.tokens.map(\.text) ?? [])
        member("since", refusal.since?.rfc3339)
        member("revoked_by", report.revoker?.text)
        member("detail", refusal.detail)
    }
}
