import TesseraCore
import TesseraHTTP

/// The pages for operators. For other users they do not exist.
extension PageAccess {
    /// Makes a handler of a page on which operators look at something.
    func operatorPage(_ handler: @escaping PageHandler) -> Handler { page(forOperators(handler)) }

    /// Makes a handler of a page on which operators are about to do something to others: with a fresh password.
    func sensitiveOperatorPage(_ handler: @escaping PageHandler) -> Handler {
        page(forOperators(needingFreshPassword(handler)))
    }

    /// Makes a handler of a form by which operators do something to others: always with a fresh password.
    func operatorForm(_ handler: @escaping FormHandler) -> Handler {
        let fresh = needingFreshPassword(handler)
        return form { request, form, person in
            try Self.requireOperator(person)
            return try await fresh(request, form, person)
        }
    }

    private func forOperators(_ handler: @escaping PageHandler) -> PageHandler {
        { request, person in
            try Self.requireOperator(person)
            return try await handler(request, person)
        }
    }

    /// The same answer as for a path that leads nowhere.
    private static func requireOperator(_ person: SignedInVisitor) throws(Refused) {
        guard person.user.isOperator else { throw .operatorsOnly(person.user) }
    }
}
