import Testing

@testable import tessera

@Suite struct ArgumentReaderTests {
    private static let name = Parameter.positional(.text("NAME"), "A name.")
    private static let size = Parameter.option(
        "--size", .number("N", in: 1...9), default: "3", "A size.", environment: "T_SIZE")
    private static let file = Parameter.option("--file", .file, "A file.")
    private static let tags = Parameter.repeated("--tag", .text("TAG"), "A tag.", environment: "T_TAGS")
    private static let loud = Parameter.flag("--loud", "Loud.", environment: "T_LOUD")
    private static let owner = Parameter.required("--owner", .text("WHO"), "An owner.")
    private static let configuration = Parameter.option("--config", .file, "Settings.")

    private static let root = Command(
        "program", "A program.",
        subcommands: [
            Command(
                "make", "Makes.", parameters: [name, size, file, tags, loud, configuration], database: .none
            ) { _ in },
            Command(
                "thing", "Things.",
                subcommands: [Command("own", "Owns.", parameters: [owner], database: .none) { _ in }]),
        ])

    private func reader(
        environment: [String: String] = [:], files: [String: String] = [:]
    ) -> ArgumentReader {
        ArgumentReader(root: Self.root, environment: environment) { path in
            guard let text = files[path] else { throw Failure("no \(path)") }
            return text
        }
    }

    /// Reads a line that runs a command.
    private func run(
        _ arguments: String..., environment: [String: String] = [:], files: [String: String] = [:]
    ) throws -> (command: String, invocation: Invocation) {
        let reader = reader(environment: environment, files: files)
        guard case .run(let command, let values) = try reader.read(arguments) else {
            throw Failure("runs nothing")
        }
        return (
            command.name, Invocation(values, of: command, console: Console(output: { _ in }, error: { _ in }))
        )
    }

    private func usageError(
        _ arguments: String..., environment: [String: String] = [:], files: [String: String] = [:]
    ) -> UsageError? {
        #expect(throws: UsageError.self) {
            try reader(environment: environment, files: files).read(arguments)
        }
    }

    // MARK: Commands

    @Test func commandBelowAGroupIsFound() throws {
        #expect(try run("thing", "own", "--owner", "ada").command == "own")
    }

    @Test func groupAloneIsWrongUsage() {
        #expect(usageError()?.path == "program")
        #expect(usageError("thing")?.path == "program thing")
    }

    @Test func unknownCommandIsAnsweredWithTheNearest() {
        #expect(usageError("mak")?.suggestion == "make")
        #expect(usageError("thing", "won")?.path == "program thing")
        #expect(usageError("nothing-like-it")?.suggestion == nil)
    }

    @Test(arguments: [["--help"], ["thing", "-h"], ["make", "--help"], ["make", "--nonsense", "--help"]])
    func helpIsGivenAtEveryLevel(arguments: [String]) throws {
        guard case .help = try reader().read(arguments) else {
            Issue.record("no help for \(arguments)")
            return
        }
    }

    @Test func versionIsForTheProgramAlone() throws {
        guard case .version = try reader().read(["--version"]) else {
            Issue.record("no version")
            return
        }
        #expect(usageError("thing", "--version") != nil)
        #expect(usageError("make", "a", "--version") != nil)
    }

    // MARK: Values

    @Test func optionsAndPositionalsMix() throws {
        let (_, given) = try run("make", "--size", "4", "a", "--loud")
        #expect(given[Self.name] == "a")
        #expect(given[Self.size] == 4)
        #expect(given[Self.loud])
    }

    @Test func nothingGivenIsTheDefault() throws {
        let (_, given) = try run("make", "a")
        #expect(given[Self.size] == 3)
        #expect(given[Self.file] == nil)
        #expect(given[Self.tags].isEmpty)
        #expect(!given[Self.loud])
    }

    @Test func valueMayFollowAnEqualsSign() throws {
        let (_, given) = try run("make", "a", "--size=5", "--file=--odd=name", "--tag=")
        #expect(given[Self.size] == 5)
        #expect(given[Self.file] == "--odd=name")
        #expect(given[Self.tags] == [""])
    }

    @Test func repeatedOptionKeepsTheOrder() throws {
        #expect(try run("make", "a", "--tag", "x", "--tag=y").invocation[Self.tags] == ["x", "y"])
    }

    @Test func twoDashesEndTheOptions() throws {
        #expect(try run("make", "--loud", "--", "--size").invocation[Self.name] == "--size")
        #expect(try run("make", "--", "--help").invocation[Self.name] == "--help")
    }

    @Test func oneDashIsAValue() throws {
        #expect(try run("make", "-").invocation[Self.name] == "-")
        #expect(try run("make", "a", "--file", "-x").invocation[Self.file] == "-x")
    }

    @Test(arguments: [
        ["make"], ["make", "a", "b"], ["make", "a", "--size"], ["make", "a", "--size", "--loud"],
        ["make", "a", "--size", "0"], ["make", "a", "--size", "10"], ["make", "a", "--size", "+5"],
        ["make", "a", "--size", ""], ["make", "a", "--size", "4", "--size", "5"],
        ["make", "a", "--loud=yes"],
        ["make", "a", "-l"], ["make", "a", "--file="], ["thing", "own"], ["thing", "own", "--owner"],
    ])
    func wrongUsageIsRefused(arguments: [String]) {
        #expect(throws: UsageError.self) { try reader().read(arguments) }
    }

    @Test func unknownOptionIsAnsweredWithTheNearest() {
        #expect(usageError("make", "a", "--sise", "4")?.suggestion == "--size")
    }

    @Test(arguments: ["--password", "--token", "--secret"])
    func secretAsAnArgumentIsExplainedAndNotRepeated(option: String) {
        let error = usageError("make", "a", option, "hunter2")
        #expect(error?.sentence.contains("never from an argument") == true)
        #expect(error?.sentence.contains("hunter2") == false)
    }

    @Test func surplusArgumentIsNotRepeated() {
        #expect(usageError("make", "a", "tcp_secret")?.sentence.contains("tcp_secret") == false)
    }

    @Test func valueOfTheWrongKindIsNotRepeated() {
        #expect(usageError("make", "a", "--size", "hunter2")?.sentence.contains("hunter2") == false)
    }

    // MARK: Settings

    @Test func environmentStandsBehindTheOption() throws {
        let environment = ["T_SIZE": "7", "T_LOUD": "yes", "T_TAGS": "x y"]
        let (_, given) = try run("make", "a", environment: environment)
        #expect(given[Self.size] == 7)
        #expect(given[Self.loud])
        #expect(given[Self.tags] == ["x", "y"])
        #expect(try run("make", "a", "--size", "8", environment: environment).invocation[Self.size] == 8)
    }

    @Test func fileStandsBehindTheEnvironment() throws {
        let files = ["settings": "T_SIZE=6\nT_LOUD=no\n"]
        let (_, given) = try run("make", "a", "--config", "settings", files: files)
        #expect(given[Self.size] == 6)
        #expect(!given[Self.loud])
        let both = try run("make", "a", "--config", "settings", environment: ["T_SIZE": "7"], files: files)
        #expect(both.invocation[Self.size] == 7)
    }

    @Test func wrongSettingNamesItsVariable() {
        #expect(usageError("make", "a", environment: ["T_SIZE": "x"])?.sentence.hasPrefix("T_SIZE:") == true)
        #expect(
            usageError("make", "a", environment: ["T_LOUD": "maybe"])?.sentence.hasPrefix("T_LOUD:") == true)
    }

    @Test func unknownNameInTheFileIsRefused() {
        let error = usageError("make", "a", "--config", "f", files: ["f": "T_SISE=6\n"])
        #expect(error?.suggestion == "T_SIZE")
    }

    @Test func malformedFileNamesTheLine() {
        let error = usageError("make", "a", "--config", "f", files: ["f": "T_SIZE=6\nnonsense\n"])
        #expect(error?.sentence.contains("f, line 2") == true)
    }

    @Test func fileThatCannotBeReadIsAFailure() {
        #expect(throws: Failure.self) { try reader().read(["make", "a", "--config", "none"]) }
    }
}
