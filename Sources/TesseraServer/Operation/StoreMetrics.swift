import TesseraCore
import TesseraHosting

extension Lifecycle {
    /// What goes to and fro between this process and its store.
    static func metrics(of traffic: StoreTraffic) -> [Metric] {
        var metrics: [Metric] = []
        func gauge(_ name: String, _ help: String, _ value: Double?) {
            if let value { metrics.append(Metric("tessera_\(name)", .gauge, help, value)) }
        }
        if let connections = traffic.connections {
            gauge(
                "store_connections_open", "Connections to the store for requests.", Double(connections.open))
            gauge("store_connections_limit", "How many of them there may be.", Double(connections.limit))
        }
        let kinds = [("read", traffic.reads), ("change", traffic.changes)]
        func byKind(
            _ name: String, _ kind: Metric.Kind, _ help: String, _ value: (StoreTraffic.Requests) -> Int?
        ) {
            let samples = kinds.compactMap { label, requests in
                requests.flatMap(value).map { ([("kind", label)], Double($0)) }
            }
            if !samples.isEmpty {
                metrics.append(Metric("tessera_store_\(name)", kind, help, samples: samples))
            }
        }
        byKind("requests_waiting", .gauge, "Requests that the store has not been handed yet.", \.waiting)
        byKind("groups_under_way", .gauge, "Transactions that are not answered.", \.groupsUnderWay)
        byKind("requests_total", .counter, "Requests handed to the store.", \.handedOver)
        byKind("groups_total", .counter, "Transactions in which they were handed over.", \.groups)
        if let refusals = traffic.refusals {
            metrics.append(
                Metric(
                    "tessera_store_requests_refused_total", .counter,
                    "Requests that were refused because too many were waiting for the store.", refusals))
        }
        if let reconnections = traffic.reconnections {
            metrics.append(
                Metric(
                    "tessera_store_reconnections_total", .counter,
                    "Connections made in the place of lost ones, by what they are for.",
                    samples: [
                        ([("for", "requests")], Double(reconnections.forRequests)),
                        ([("for", "notifications")], Double(reconnections.forChanges)),
                    ]))
        }
        gauge(
            "store_notification_lag_seconds",
            "How long the last notification took that this node sent to itself.",
            traffic.notificationLag.map { $0 / .seconds(1) })
        gauge(
            "database_clock_ahead_seconds",
            "How far the clock of the database is ahead of this machine's; negative when it is behind.",
            traffic.clockLead.map { $0 / .seconds(1) })
        if let replica = traffic.replica {
            gauge(
                "store_replica_used", "Whether tokens are looked up at the replica.", replica.isUsed ? 1 : 0)
            metrics.append(lookUpMetric(of: replica.lookUps))
            gauge(
                "store_replica_behind_bytes", "How much of the log the replica lacked at the last look.",
                replica.bytesBehind.map(Double.init))
        }
        return metrics
    }

    private static func lookUpMetric(of lookUps: StoreTraffic.Replica.LookUps) -> Metric {
        let counts = [
            ("answered", lookUps.answered), ("not_found", lookUps.notFound), ("behind", lookUps.behind),
            ("failed", lookUps.failed), ("unheard", lookUps.unheard),
        ]
        return Metric(
            "tessera_store_replica_lookups_total", .counter,
            "Look-ups by how they ended at the replica; all but the answered were made at the primary.",
            samples: counts.map { outcome, count in ([("outcome", outcome)], Double(count)) })
    }
}
