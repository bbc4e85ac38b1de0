import Testing

@testable import TesseraHTTP

@Suite struct MediaTypeTests {
    @Test func typeIsComparedWithoutRegardToCase() throws {
        let mediaType = try #require(MediaType("Application/JSON"))
        #expect(mediaType == .json)
        #expect(mediaType.essence == "application/json")
    }

    @Test func parametersKeepOrderAndTheirValuesCase() throws {
        let mediaType = try #require(
            MediaType(" text/html ; Charset=UTF-8;\tboundary=\"a \\\"b\\\\\" ; ; x=y ; "))
        #expect(mediaType.parameters.map(\.name) == ["charset", "boundary", "x"])
        #expect(mediaType[parameter: "charset"] == "UTF-8")
        #expect(mediaType[parameter: "boundary"] == "a \"b\\")
        #expect(mediaType[parameter: "y"] == nil)
        #expect(mediaType.hasSameEssence(as: .html))
        #expect(mediaType != .html)
    }

    @Test func descriptionReadsBack() throws {
        let mediaType = try #require(MediaType("text/plain; a=b; c=\"d;\\\"\\\\ e\"; f=\"\""))
        #expect(mediaType.description == "text/plain;a=b;c=\"d;\\\"\\\\ e\";f=\"\"")
        #expect(MediaType(mediaType.description) == mediaType)
    }

    @Test(arguments: [
        "", "json", "application/", "/json", "application//json", "application/json/x", "application /json",
        "application/ json", "application/json,text/html", "application/json x", "a/b; c", "a/b; c=",
        "a/b; =d",
        "a/b; c =d", "a/b; c= d", "a/b; c=\"d", "a/b; c=\"d\\", "a/b; c=\"d\"e", "a/b; c=d; C=e", "*/*",
        "text/*",
        "*/html", "é/b", "a/b; c=\"\u{1}\"",
    ])
    func malformedTypeIsRefused(_ text: String) {
        #expect(MediaType(text) == nil)
    }

    private func request(_ contentTypes: String...) -> Request {
        var request = Request(.post, "/")
        for value in contentTypes { request.fields.append(.contentType, value) }
        return request
    }

    @Test(arguments: [
        "application/json", "APPLICATION/json", "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json; charset=\"Utf-8\"", "application/json; version=1",
    ])
    func requiredTypeIsAccepted(_ value: String) throws {
        #expect(try request(value).requireMediaType(.json).hasSameEssence(as: .json))
    }

    @Test(arguments: [
        "", "application/jso", "application/json2", "text/json", "application/problem+json",
        "application/json,",
        "application/json; charset=iso-8859-1", "application/json; charset=utf8",
        "application/json; charset=\"\"",
        "application/json; charset=utf-8; charset=utf-8", "*/*",
    ])
    func otherTypeIsUnsupported(_ value: String) {
        let error = #expect(throws: HTTPError.self) { try request(value).requireMediaType(.json) }
        #expect(error?.status == .unsupportedMediaType)
        #expect(error?.fields[.accept] == "application/json")
    }

    @Test func absentAndRepeatedTypesAreUnsupported() {
        #expect(throws: HTTPError.self) { try request().requireMediaType(.json) }
        #expect(throws: HTTPError.self) {
            try request("application/json", "application/json").requireMediaType(.json)
        }
    }

    @Test func oneOfSeveralTypesIsEnough() throws {
        let mediaType = try request("application/merge-patch+json").requireMediaType(.json, .mergePatchJSON)
        #expect(mediaType == .mergePatchJSON)
        let error = #expect(throws: HTTPError.self) {
            try request("text/plain").requireMediaType(.json, .mergePatchJSON)
        }
        #expect(error?.fields[.accept] == "application/json, application/merge-patch+json")
    }

    @Test(
        "RFC 9110 §15.5.16",
        arguments: ["gzip", "br", "identity, gzip", "x-gzip", "aes128gcm", "gzip;q=1", "\"identity\""])
    func codedBodyIsUnsupported(_ coding: String) throws {
        var request = request("application/json")
        request.fields.append(.contentEncoding, coding)
        let error = #expect(throws: HTTPError.self) { try request.requireMediaType(.json) }
        #expect(error?.status == .unsupportedMediaType)
        #expect(error?.fields[.acceptEncoding] == "identity")
    }

    @Test(arguments: ["", "identity", "IDENTITY", "identity, identity", ","])
    func identityIsNoCoding(_ coding: String) throws {
        var request = request("application/json")
        request.fields.append(.contentEncoding, coding)
        #expect(try request.requireMediaType(.json) == .json)
    }

    @Test func codingsOfSeveralFieldsAreOneList() {
        var request = request("application/json")
        request.fields.append(.contentEncoding, "identity")
        request.fields.append(.contentEncoding, "gzip")
        #expect(throws: HTTPError.self) { try request.requireMediaType(.json) }
    }

    /// Found by `script/fuzz forms`.
    @Test(arguments: ["\"\u{301}", "\\\u{6E3}", "a\"\u{20DD};b=\"", "\u{301}", "", "é\\", "\u{FFFD}"])
    func writtenValueIsReadBack(_ value: String) throws {
        let quoted = value.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        let mediaType = try #require(MediaType("text/plain;a=\"\(quoted)\""))
        #expect(mediaType.parameters.count == 1)
        #expect(mediaType[parameter: "a"]?.unicodeScalars.elementsEqual(value.unicodeScalars) == true)
        #expect(MediaType(mediaType.description) == mediaType)
    }
}
