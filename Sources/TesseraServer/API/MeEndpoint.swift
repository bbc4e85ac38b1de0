import TesseraCore
import TesseraHTTP
import TesseraJOSE
import TesseraJSON

extension Authority {
    /// `GET /api/me`: who the credentials stand for, and what they may do.
    func me(_ request: Request, _ caller: Caller) throws -> Response {
        .json { json in
            json.object { json in
                switch caller {
                case .token(let verified):
                    json.members(
                        written: verified.keptWithOwner { owner in
                            JSONWriter.members { $0.members(of: owner) }
                        })
                    json.member("scopes", verified.scope)
                    json.member("token") { json in
                        json.object { json in
                            json.member("id", verified.id)
                            json.member("name", verified.name.text)
                            json.member("kind", literal: verified.kind.word)
                            json.member("expires_at", verified.expiresAt)
                        }
                    }
                case .session(_, let user):
                    json.members(of: user)
                    json.member("scopes", catalogue.rights(of: user))
                    json.member("token", String?.none)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of user: User) {
        member("id", user.id)
        member("email", user.email.text)
        member("username", user.username)
    }
}

extension TokenKind {
    /// The kind as the API spells it; known when the program is written, so that nothing has to be escaped.
    fileprivate var word: StaticString {
        switch self {
        case .personal: "personal"
        case .oauth: "oauth"
        }
    }
}
