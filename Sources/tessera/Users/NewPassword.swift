/// A password from a file, from a person who types it twice, or from a pipe.
enum NewPassword {
    static func read(_ invocation: Invocation) throws -> String {
        if let file = invocation[CommonParameters.passwordFile] {
            return try line(of: try TextFile.read(file), from: file)
        }
        guard Terminal.isInteractive else {
            return try line(of: try TextFile.readStandardInput(), from: "standard input")
        }
        let first = try type("Password:", invocation)
        // Not normalised: what was typed twice is the same bytes.
        guard try type("Again:", invocation).utf8.elementsEqual(first.utf8) else {
            throw Failure("the two passwords differ.")
        }
        return first
    }

    private static func type(_ question: String, _ invocation: Invocation) throws(Failure) -> String {
        invocation.console.ask(question)
        let answer = Terminal.readLine(isSecret: true)
        invocation.console.note("")
        guard let answer else { throw Failure("no password was typed.") }
        return answer
    }

    /// The text without the line end behind it.
    private static func line(of text: String, from name: String) throws(Failure) -> String {
        var bytes = Array(text.utf8)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.contains(0x0A) else { throw Failure("\(name) holds more than one line.") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
