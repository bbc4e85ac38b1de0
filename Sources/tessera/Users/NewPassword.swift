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
        // Compares bytes, without normalization.
        guard try type("Again:", invocation).utf8.elementsEqual(first.utf8) else {
            throw Failure("the passwords do not match.")
        }
        return first
    }

    private static func type(_ question: String, _ invocation: Invocation) throws(Failure) -> String {
        invocation.console.ask(question)
        let answer = Terminal.readLine(isSecret: true)
        invocation.console.note("")
        guard let answer else { throw Failure("no password was entered.") }
        return answer
    }

    /// The text without its final line end.
    private static func line(of text: String, from name: String) throws(Failure) -> String {
        var bytes = Array(text.utf8)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.contains(0x0A) else { throw Failure("\(name) contains more than one line.") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
