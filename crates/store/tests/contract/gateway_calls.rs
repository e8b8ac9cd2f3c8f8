//! Calls through the gateway.

use super::{
    engines::each_store,
    samples::{at, page, uuid},
};
use serde_json::json;
use types::{Attempt, CallKind, GatewayCall, GatewayCallId, GatewayCallListItem, GatewayCallQuery};

fn call(number: u32, rollout: Option<&str>, kind: CallKind) -> GatewayCall {
    let call = GatewayCallListItem {
        id: GatewayCallId(uuid(number.into())),
        rollout: rollout.map(str::to_owned),
        attempt: 0,
        seq: 0,
        kind,
        at: at(number.into()),
        duration_ms: 3,
        model: "local/builtin".into(),
        input_tokens: 5,
        output_tokens: 7,
        status: 200,
        error: None,
    };
    GatewayCall { call, request_json: json!({"messages": ["ü\u{0}"]}), response_json: Some(json!({"id": number})) }
}

#[tokio::test]
async fn calls_are_numbered_within_their_attempt_and_survive() {
    each_store(async |store| {
        let mut kept = Vec::new();
        for (number, rollout) in [(1, Some("a")), (2, Some("b")), (3, Some("a")), (4, None), (5, None)] {
            let mut call = call(number, rollout, CallKind::Model);
            call.call.seq = store.gateway_call_insert(&call).await.unwrap().0;
            kept.push(call);
        }
        let numbers: Vec<i64> = kept.iter().map(|call| call.call.seq).collect();
        assert_eq!(numbers, [1, 1, 2, 1, 2]);
        assert_eq!(store.gateway_call_get(kept[0].call.id).await.unwrap(), Some(kept[0].clone()));
        let of = Attempt { rollout: "a".into(), attempt: 0 };
        assert_eq!(store.gateway_calls_of(&of, 0, 10).await.unwrap(), [kept[0].clone(), kept[2].clone()]);
        assert_eq!(store.gateway_calls_of(&of, 1, 10).await.unwrap(), [kept[2].clone()]);
        let attempts = store.gateway_attempts(&Attempt { rollout: String::new(), attempt: -1 }, 10).await.unwrap();
        let names: Vec<&str> = attempts.iter().map(|of| of.rollout.as_str()).collect();
        assert_eq!(names, ["", "a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_newest_first_and_filtered() {
    each_store(async |store| {
        for (number, rollout, kind) in
            [(1, Some("a"), CallKind::Model), (2, Some("a"), CallKind::Tool), (3, None, CallKind::Model)]
        {
            store.gateway_call_insert(&call(number, rollout, kind)).await.unwrap();
        }
        let listed = async |query: GatewayCallQuery| {
            let listed = store.gateway_call_list(&query).await.unwrap();
            let numbers: Vec<i64> = listed.items.iter().map(|call| call.at.as_millis()).collect();
            (numbers, listed.total)
        };
        let all = GatewayCallQuery { page: page(0, 2), ..GatewayCallQuery::default() };
        let time = |number| at(number).as_millis();
        assert_eq!(listed(all.clone()).await, (vec![time(3), time(2)], 3));
        let of_a = GatewayCallQuery { rollout: Some("a".into()), attempt: Some(0), ..all.clone() };
        assert_eq!(listed(of_a.clone()).await, (vec![time(2), time(1)], 2));
        let tools = GatewayCallQuery { kind: Some(CallKind::Tool), ..of_a };
        assert_eq!(listed(tools).await, (vec![time(2)], 1));
        let late = GatewayCallQuery { since: Some(at(3)), ..all.clone() };
        assert_eq!(listed(late).await, (vec![time(3)], 1));
        let other = GatewayCallQuery { model: Some("gpt".into()), ..all };
        assert_eq!(listed(other).await, (vec![], 0));
    })
    .await;
}

#[tokio::test]
async fn the_oldest_calls_make_room() {
    each_store(async |store| {
        let mut bytes = 0;
        for number in 1..=6 {
            bytes = store.gateway_call_insert(&call(number, Some("a"), CallKind::Model)).await.unwrap().1;
        }
        let left = async || store.gateway_call_list(&GatewayCallQuery::default()).await.unwrap().total;
        assert_eq!(store.gateway_calls_prune(4, u64::MAX).await.unwrap(), 2);
        // All rows are of one size: two of them fit into two and a half.
        assert_eq!(store.gateway_calls_prune(4, bytes * 5 / 2).await.unwrap(), 2);
        assert_eq!(left().await, 2);
        let of = Attempt { rollout: "a".into(), attempt: 0 };
        assert_eq!(store.gateway_calls_of(&of, 0, 9).await.unwrap()[0].call.seq, 5);
        assert_eq!(store.gateway_calls_prune(0, 0).await.unwrap(), 2);
    })
    .await;
}
