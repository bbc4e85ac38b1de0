import TesseraCore
import TesseraHTTP

/// The pages and forms that need a fresh password, so that a stranger at an open browser cannot make the access last.
///
/// Making and rotating tokens, revoking all of them, signing out elsewhere, and all that operators do to others. A change of
/// a token needs one where it gives the token more time or brings it back (``change(_:_:for:_:at:)``). The form that
/// changes the password asks for the old one itself.
extension PageAccess {
    /// Makes a handler of a page that leads to something sensitive: a person whose log-in is old proves first once more
    /// who they are, and comes back. So no form is filled in in vain.
    func sensitivePage(_ handler: @escaping PageHandler) -> Handler { page(needingFreshPassword(handler)) }

    /// Makes a handler of a form that does something sensitive. From a person whose log-in has become old meanwhile it does
    /// nothing: they prove who they are and come back to the page of the form, which is at the same address.
    ///
    /// - Parameter kept: The fields that the page also takes from its query, so that they need not be filled in again. No
    ///   secrets.
    func sensitiveForm(keeping kept: [String] = [], _ handler: @escaping FormHandler) -> Handler {
        form(needingFreshPassword(keeping: kept, handler))
    }

    func needingFreshPassword(_ handler: @escaping PageHandler) -> PageHandler {
        { [self] request, person in
            guard authenticator.isFresh(person.session, at: person.now) else {
                return confirmFirst(request.target)
            }
            return try await handler(request, person)
        }
    }

    func needingFreshPassword(
        keeping kept: [String] = [], _ handler: @escaping FormHandler
    ) -> FormHandler {
        { [self] request, form, person in
            guard authenticator.isFresh(person.session, at: person.now) else {
                return confirmFirst(Self.target(request.path, keeping: kept, of: form))
            }
            return try await handler(request, form, person)
        }
    }

    /// Makes a handler of a form that changes a token. Where the change gives the token anything, and the log-in is old, the
    /// form does nothing: the person proves who they are, and comes back to the page from which they sent it.
    ///
    /// - Parameters:
    ///   - page: The address of that page, for the form's request; that of the form unless given.
    ///   - kept: As in ``sensitiveForm(keeping:_:)``.
    func formOfChange(
        on page: @escaping @Sendable (Request) -> String = { $0.path }, keeping kept: [String] = [],
        _ handler: @escaping FormHandler
    ) -> Handler {
        form { [self] request, form, person in
            do {
                return try await handler(request, form, person)
            } catch is TokenDesk.GivesMore {
                return confirmFirst(Self.target(page(request), keeping: kept, of: form))
            }
        }
    }

    /// The address of a page with the fields of a form that it takes from its query.
    private static func target(_ path: String, keeping kept: [String], of form: FormParameters) -> String {
        let fields = form.pairs.filter { kept.contains($0.name) && !$0.value.isEmpty }
        let query = FormEncoding.encode(fields.map { ($0.name, $0.value) })
        // A query that is too long for an address is dropped.
        return (1...1_000).contains(query.utf8.count) ? "\(path)?\(query)" : path
    }

    private func confirmFirst(_ next: String) -> Response {
        .redirect(to: "/login/confirm?next=" + PercentEncoding.queryValue(next))
    }
}
