import Testing

@testable import TesseraHTTP

@Suite struct SecurityHeadersTests {
    private func answer(
        _ response: Response, isSecure: Bool = false,
        _ change: (inout SecurityHeaders.Configuration) -> Void = { _ in }
    ) async throws -> Fields {
        var configuration = SecurityHeaders.Configuration()
        change(&configuration)
        var response = response
        SecurityHeaders(configuration).apply(to: &response, for: Request(.get, "/", isSecure: isSecure))
        return response.allFields
    }

    private let page = Response(.ok, "text/html; charset=utf-8", [])
    private let data = Response(.ok, "application/json", [])

    @Test func dataMayDoNothingInABrowser() async throws {
        let fields = try await answer(data)
        #expect(fields[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
        #expect(fields[.contentTypeOptions] == "nosniff")
        #expect(fields[.referrerPolicy] == "no-referrer")
        #expect(fields[.crossOriginOpenerPolicy] == "same-origin")
        #expect(fields[.crossOriginResourcePolicy] == "same-origin")
        #expect(fields[.cacheControl] == "no-store")
        #expect(fields[.strictTransportSecurity] == nil)
        #expect(fields[.contentType] == "application/json")
    }

    @Test func answerWithoutABodyHasTheFieldsToo() async throws {
        #expect(try await answer(Response(.noContent))[.contentTypeOptions] == "nosniff")
    }

    @Test func pageHasThePolicyOfPages() async throws {
        let policy = try #require(try await answer(page)[.contentSecurityPolicy])
        for part in ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"] {
            #expect(policy.contains(part))
        }
        #expect(!policy.contains("unsafe"))
        #expect(try await answer(page) { $0.pagePolicy = "x" }[.contentSecurityPolicy] == "x")
        #expect(try await answer(data) { $0.dataPolicy = "y" }[.contentSecurityPolicy] == "y")
    }

    @Test func pageLetsItsOwnFormsNameTheirOrigin() async throws {
        #expect(try await answer(page)[.referrerPolicy] == "same-origin")
    }

    @Test(arguments: ["TEXT/HTML", "text/html", "text/html;x=y", "text/html ; x=y"])
    func pageIsRecognizedInAnyCase(_ type: String) async throws {
        #expect(
            try await answer(Response(.ok, fields: [.contentType: type]))[.referrerPolicy] == "same-origin")
    }

    @Test(arguments: ["text/htm", "text/html5", "text/html+x", "text/plain", "application/xhtml+xml", ""])
    func otherTypesAreData(_ type: String) async throws {
        #expect(
            try await answer(Response(.ok, fields: [.contentType: type]))[.referrerPolicy] == "no-referrer")
    }

    @Test func strictTransportIsSentOverTLSAlone() async throws {
        #expect(try await answer(data, isSecure: true)[.strictTransportSecurity] == "max-age=31536000")
        #expect(
            try await answer(page) { $0.isBehindTLS = true }[.strictTransportSecurity] == "max-age=31536000")
        #expect(
            try await answer(data, isSecure: true) { $0.strictTransport = .seconds(60) }[
                .strictTransportSecurity]
                == "max-age=60")
        #expect(
            try await answer(data, isSecure: true) { $0.strictTransport = nil }[.strictTransportSecurity]
                == nil)
    }

    @Test(arguments: [
        FieldName.contentSecurityPolicy, .contentTypeOptions, .referrerPolicy, .crossOriginOpenerPolicy,
        .crossOriginResourcePolicy, .cacheControl, .strictTransportSecurity,
    ])
    func fieldsOfAHandlerStay(_ name: FieldName) async throws {
        let fields = try await answer(Response(.ok, fields: [name: "mine"]), isSecure: true)
        #expect(fields.values(of: name) == ["mine"])
        #expect(fields.count == 7)
    }
}
