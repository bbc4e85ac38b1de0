import TesseraCore
import TesseraHTTP
import TesseraJOSE
import TesseraJSON

extension Authority {
    /// `GET /api/me`: who the credentials stand for, and what they may do.
    func me(_ request: Request, _ caller: Caller) throws -> Response {
        .json { json in
            json.object { json in
                let user = caller.user
                json.member("id", user.id)
                json.member("email", user.email.text)
                json.member("username", user.username)
                switch caller {
                case .token(let verified):
                    json.member("scopes", verified.scope)
                    json.member("token") { json in
                        json.object { json in
                            json.member("id", verified.token.id)
                            json.member("name", verified.token.name.text)
                            json.member("kind", verified.token.kind.rawValue)
                            json.member("expires_at", verified.token.expiresAt)
                        }
                    }
                case .session:
                    json.member("scopes", catalogue.rights(of: user))
                    json.member("token", String?.none)
                }
            }
        }
    }
}
