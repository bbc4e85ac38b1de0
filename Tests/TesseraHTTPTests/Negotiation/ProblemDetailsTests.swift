import Testing

@testable import TesseraHTTP

@Suite struct ProblemDetailsTests {
    private func json(_ problem: ProblemDetails) -> String { String(decoding: problem.bytes, as: UTF8.self) }

    @Test func plainProblemContainsOnlyItsStatus() {
        #expect(
            json(ProblemDetails(.notFound)) == #"{"type":"about:blank","title":"Not Found","status":404}"#)
    }

    @Test func membersAreInOrder() {
        let problem = ProblemDetails(
            .unprocessableContent, type: "https://x.example/p", title: "Invalid", detail: "Two things.",
            extensions: [
                ("violations", .objects([[("path", "name"), ("message", "is short")], [], [("path", "")]])),
                ("refusal", .string("01")), ("count", .integer(-2)), ("none", .objects([])),
            ])
        let expected =
            #"{"type":"https://x.example/p","title":"Invalid","status":422,"detail":"Two things.","#
            + #""violations":[{"path":"name","message":"is short"},{},{"path":""}],"#
            + #""refusal":"01","count":-2,"none":[]}"#
        #expect(json(problem) == expected)
    }

    @Test func textIsEscaped() {
        let problem = ProblemDetails(.ok, title: "\"\\/\u{0}\u{1F}\n\r\t\u{7F}é🐉</script>")
        let expected = #"{"type":"about:blank","title":"\"\\/\u0000\u001f\n\u000d\u0009"#
        #expect(json(problem) == expected + "\u{7F}é🐉</script>\",\"status\":200}")
    }

    @Test func everyControlCharacterIsEscaped() {
        for byte in UInt8(0)..<0x20 {
            let problem = ProblemDetails(.ok, title: String(Unicode.Scalar(byte)))
            #expect(problem.bytes.allSatisfy { $0 >= 0x20 })
        }
    }

    @Test func namesAreEscapedToo() {
        let problem = ProblemDetails(.ok, extensions: [("a\"b", .objects([[("c\"", "d")]]))])
        #expect(json(problem).hasSuffix(#","a\"b":[{"c\"":"d"}]}"#))
    }

    @Test func responseCarriesStatusTypeAndFields() {
        let response = ProblemDetails(.methodNotAllowed).response(fields: [.allow: "GET"])
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields[.contentType] == "application/problem+json")
        #expect(response.fields[.allow] == "GET")
    }

    @Test func errorOfHTTPBecomesAProblem() {
        let problem = ProblemDetails(HTTPError(.contentTooLarge, "Too big."))
        #expect(
            json(problem)
                == #"{"type":"about:blank","title":"Content Too Large","status":413,"detail":"Too big."}"#)
    }

    @Test func duplicateMemberIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) {
            _ = ProblemDetails(.ok, extensions: [("status", .integer(1))])
        }
    }
}
