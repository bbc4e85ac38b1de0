import Testing

@testable import TesseraHTTP

@Suite struct MethodTests {
    @Test func methodsAreCaseSensitive() {
        #expect(Method(unchecked: "GET") == .get)
        #expect(Method(unchecked: "get") != .get)
        #expect(Method.patch.description == "PATCH")
    }

    @Test(arguments: [Method.get, .head, .options])
    func readingMethodIsSafe(_ method: Method) {
        #expect(method.isSafe)
    }

    @Test(arguments: [Method.post, .put, .patch, .delete, Method(unchecked: "get")])
    func otherMethodIsNotSafe(_ method: Method) {
        #expect(!method.isSafe)
    }
}
