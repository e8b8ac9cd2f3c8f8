//! Rankings: against a baseline, over parts of the cases, over what agents have in common, by votes, over time.

use crate::world::{World, ended_as, to_its_end};
use agents::testing::{Reply, ScriptedProvider};
use service::{BoardFormat, DiffQuery, Service};
use types::{
    Agent, AgentCreate, AgentId, Candidate, CaseMatch, CaseScope, CategoryBy, ConversationId, DiffShow,
    EvaluationCreate, EvaluationOptions, GroupBy, HumanVerdict, Leaderboard, LeaderboardQuery, LeaderboardRow, Page,
    ResultQuery, ReviewDraft, RunId, RunState, Split, TestCaseCreate, TestCaseId, TestCaseUpdate, Verdict, VoteDraft,
};
use uuid::Uuid;

/// A service whose model answers one run after the other: `1` passes a case, `0` does not.
struct Judged {
    _world: World,
    _provider: ScriptedProvider,
    service: Service,
    cases: Vec<TestCaseId>,
}

impl Judged {
    async fn new(cases: Vec<TestCaseCreate>, runs: &[&str]) -> Self {
        let script = runs
            .concat()
            .chars()
            .map(|passed| Reply::text(if passed == '1' { "ok" } else { "no" }))
            .collect::<Vec<_>>();
        let provider = ScriptedProvider::start(script).await.unwrap();
        let world = World::new();
        let service = Service::start(world.config_with(&provider)).await.unwrap();
        let cases = service.case_create_all(cases).await.unwrap().into_iter().map(|case| case.id).collect();
        Self { _world: world, _provider: provider, service, cases }
    }

    async fn agent(&self, name: &str) -> Agent {
        self.service.agent_create(AgentCreate { name: Some(name.into()), ..AgentCreate::default() }).await.unwrap()
    }

    /// Runs the agent over these of the cases, one after the other.
    async fn run(&self, agent: &Agent, cases: std::ops::Range<usize>) -> RunId {
        self.run_with(agent, cases, EvaluationOptions::default()).await
    }

    async fn run_with(&self, agent: &Agent, cases: std::ops::Range<usize>, options: EvaluationOptions) -> RunId {
        let test_case_ids = Some(self.cases[cases].to_vec());
        let request = EvaluationCreate { agent_id: agent.id, test_case_ids, options };
        let run = self.service.evaluation_start_with(request, 1).await.unwrap();
        assert_eq!(ended_as(&to_its_end(&self.service, run.id).await), RunState::Completed);
        run.id
    }

    async fn board(&self, query: LeaderboardQuery) -> Leaderboard {
        self.service.leaderboard(&query).await.unwrap()
    }
}

fn case(number: usize) -> TestCaseCreate {
    TestCaseCreate {
        user_input: format!("Question {number}"),
        expected_output: Some("ok".into()),
        task_type: "contains".into(),
        ..TestCaseCreate::default()
    }
}

fn close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() < 1e-5, "{actual} is not {expected}");
}

fn row<'a>(board: &'a Leaderboard, agent: &Agent) -> &'a LeaderboardRow {
    board.rows.iter().find(|row| row.agent_id == agent.id).unwrap()
}

fn names(board: &Leaderboard) -> Vec<&str> {
    board.rows.iter().map(|row| row.agent_name.as_str()).collect()
}

#[tokio::test]
async fn every_agent_is_compared_with_the_pinned_one() {
    let world = Judged::new((0..10).map(case).collect(), &["1111111111", "1111000000", "1111100000"]).await;
    let (ada, bob, cy) = (world.agent("Ada").await, world.agent("Bob").await, world.agent("Cy").await);
    for agent in [&ada, &bob, &cy] {
        world.run(agent, 0..10).await;
    }
    let board = world.board(LeaderboardQuery { baseline: Some(bob.id), ..LeaderboardQuery::default() }).await;
    assert_eq!((names(&board), row(&board, &bob).baseline), (vec!["Ada", "Cy", "Bob"], None));
    // Six cases speak for Ada and none for Bob: p = 2/2⁶, twice it by Holm. Interval: p₁ = 7/12, p₂ = 1/12, d = 1/2,
    // √((2/3 − 1/4)/12) = 0.186339, times 1.959964.
    let ada = row(&board, &ada).baseline.unwrap();
    assert_eq!(ada.n, 10);
    close(ada.p, 0.0625);
    close(ada.difference, 0.6);
    close(ada.interval.unwrap().0, 0.134_782);
    close(ada.interval.unwrap().1, 0.865_218);
    // One case speaks for Cy: p₁ = 2/12, p₂ = 1/12, d = 1/12, √((1/4 − 1/144)/12) = 0.142319.
    let cy = row(&board, &cy).baseline.unwrap();
    close(cy.difference, 0.1);
    close(cy.p, 1.0);
    close(cy.interval.unwrap().0, -0.195_607);
    close(cy.interval.unwrap().1, 0.362_273);
    assert!(world.board(LeaderboardQuery::default()).await.rows.iter().all(|row| row.baseline.is_none()));
    // Who is not ranked is no baseline, and who does not exist is not found.
    let idle = world.agent("Idle").await;
    let board = world.board(LeaderboardQuery { baseline: Some(idle.id), ..LeaderboardQuery::default() }).await;
    assert!(board.notes[0].contains("Idle is not in this ranking"), "{:?}", board.notes);
    let nobody = LeaderboardQuery { baseline: Some(AgentId(Uuid::nil())), ..LeaderboardQuery::default() };
    assert_eq!(world.service.leaderboard(&nobody).await.unwrap_err().status(), 404);
}

#[tokio::test]
async fn runs_are_set_side_by_side_on_the_cases_that_all_were_asked() {
    let world = Judged::new((0..12).map(case).collect(), &["1111111111", "1111000000", "111100"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("Bob").await);
    let good = world.run(&ada, 0..10).await;
    let bad = world.run(&bob, 0..10).await;
    let query = DiffQuery { runs: vec![good, bad], baseline: Some(bad), ..DiffQuery::default() };
    let diff = world.service.run_diff(&query).await.unwrap();
    assert_eq!((diff.shared, diff.of, diff.total, diff.rows.len()), (10, 10, 10, 10));
    // Six cases speak for Ada and none against: p = 2/2⁶. Wilson of 4 in 10.
    let against = diff.runs[0].success_against.unwrap();
    close(against.difference, 0.6);
    close(against.p, 0.03125);
    assert!(diff.runs[1].success_against.is_none());
    close(diff.runs[1].success.unwrap(), 0.4);
    let interval = diff.runs[1].success_interval.unwrap();
    close(interval.0, 0.168_180);
    close(interval.1, 0.687_326);
    let different = DiffQuery { show: DiffShow::Different, ..query.clone() };
    let rows = world.service.run_diff(&different).await.unwrap();
    assert_eq!(rows.total, 6);
    assert!(rows.rows.iter().all(|row| row.cells[0].passed == 1 && row.cells[1].passed == 0));
    assert_eq!(world.service.run_diff(&DiffQuery { show: DiffShow::Errors, ..query.clone() }).await.unwrap().total, 0);
    // A third run over other cases leaves those in common; p of two comparisons is adjusted.
    let third = world.run(&ada, 6..12).await;
    let three = DiffQuery { runs: vec![good, bad, third], ..DiffQuery::default() };
    let diff = world.service.run_diff(&three).await.unwrap();
    assert_eq!((diff.shared, diff.of), (4, 12));
    close(diff.runs[1].success_against.unwrap().p, 0.25);
    for wrong in [vec![good], vec![good, good], vec![good; 7]] {
        let query = DiffQuery { runs: wrong, ..DiffQuery::default() };
        assert_eq!(world.service.run_diff(&query).await.unwrap_err().status(), 422);
    }
    let stranger = DiffQuery { runs: vec![good, bad], baseline: Some(third), ..DiffQuery::default() };
    assert_eq!(world.service.run_diff(&stranger).await.unwrap_err().status(), 422);
}

/// Four cases of one suite and two of another.
fn suites() -> Vec<TestCaseCreate> {
    let math = |number| TestCaseCreate { suite: Some("math".into()), split: Some(Split::Dev), ..case(number) };
    let search = |number| TestCaseCreate { suite: Some("search".into()), tags: vec!["long".into()], ..case(number) };
    (0..4).map(math).chain((4..6).map(search)).collect()
}

#[tokio::test]
async fn a_run_is_told_by_groups_of_its_cases() {
    let world = Judged::new(suites(), &["110011"]).await;
    let run = world.run(&world.agent("Ada").await, 0..6).await;
    let groups = async |by| world.service.evaluation_breakdown(run, by).await.unwrap();
    let suites = groups(GroupBy::Suite).await;
    let told: Vec<_> =
        suites.iter().map(|group| (&*group.value, group.metrics.task_success, group.metrics.n.task_success)).collect();
    assert_eq!(told, [("math", 0.5, 4), ("search", 1.0, 2)]);
    // Wilson of 2 of 4.
    let (low, high) = suites[0].metrics.task_success_interval.unwrap();
    close(low, 0.150_039);
    close(high, 0.849_961);
    let values = |groups: Vec<types::GroupMetrics>| groups.into_iter().map(|group| group.value).collect::<Vec<_>>();
    assert_eq!(values(groups(GroupBy::Tag).await), ["", "long"]);
    assert_eq!(values(groups(GroupBy::Split).await), ["dev", ""]);
    assert_eq!(values(groups(GroupBy::TaskType).await), ["contains"]);
    // Each group is a list of results.
    for (group, number) in
        [("suite:math", 4), ("tag:long", 2), ("tag:", 4), ("split:", 2), ("tag:lon", 0), ("suite:", 0)]
    {
        let query = ResultQuery { within: Some(group.parse().unwrap()), ..ResultQuery::default() };
        let query = ResultQuery { page: Page { skip: 0, limit: 10 }, ..query };
        let listed = world.service.evaluation_result_list(run, query).await.unwrap();
        assert_eq!((listed.total, listed.items.len() as u64), (number, number), "{group}");
    }
}

#[tokio::test]
async fn verdicts_of_people_stand_beside_those_of_the_checks() {
    let world = Judged::new((0..4).map(case).collect(), &["1100"]).await;
    let (service, run) = (&world.service, world.run(&world.agent("Ada").await, 0..4).await);
    let results = service.evaluation_get(run).await.unwrap().results;
    let say = async |place: usize, verdict, disputed| {
        let draft = ReviewDraft { verdict, disputed, comment: " because ".into() };
        service.evaluation_review(run, results[place].id, draft).await
    };
    assert_eq!(service.evaluation_reviews(run).await.unwrap(), types::RunReviews::default());
    say(0, Some(HumanVerdict::Pass), false).await.unwrap();
    say(2, Some(HumanVerdict::Pass), true).await.unwrap();
    let review = say(3, None, true).await.unwrap();
    assert_eq!((review.comment.as_str(), review.case_version), ("because", 1));
    let told = service.evaluation_reviews(run).await.unwrap();
    assert_eq!((told.judged, told.overruled, told.disputed, told.n), (2, 1, 2, 4));
    // Three of four: Wilson.
    close(told.task_success.unwrap(), 0.75);
    close(told.task_success_interval.unwrap().0, 0.300_642);
    // The checks' own means stay.
    let metrics = service.evaluation_find(run).await.unwrap().aggregate_metrics_json.unwrap();
    close(metrics.task_success, 0.5);
    let listed = async |disputed| service.review_list(disputed, Page { skip: 0, limit: 10 }).await.unwrap().total;
    assert_eq!((listed(true).await, listed(false).await), (2, 3));
    assert_eq!(service.reviews_of_case(world.cases[3]).await.unwrap(), [review]);
    let found = service.evaluation_result_get(run, results[2].id, ResultQuery::default()).await.unwrap();
    assert!(found.review.unwrap().disputed && found.version_now.is_none() && found.rollout.is_none());
    // Said again replaces, taken back is gone, and nothing said is refused.
    say(2, Some(HumanVerdict::Fail), false).await.unwrap();
    assert_eq!(service.evaluation_reviews(run).await.unwrap().overruled, 0);
    service.evaluation_review_delete(run, results[3].id).await.unwrap();
    assert_eq!(service.evaluation_review_delete(run, results[3].id).await.unwrap_err().status(), 404);
    assert_eq!(say(1, None, false).await.unwrap_err().status(), 422);
    let stranger = service.evaluation_review(
        RunId(Uuid::nil()),
        results[0].id,
        ReviewDraft { disputed: true, ..Default::default() },
    );
    assert_eq!(stranger.await.unwrap_err().status(), 404);
}

#[tokio::test]
async fn several_agents_are_started_together_or_none() {
    let world = Judged::new((0..2).map(case).collect(), &["1111"]).await;
    let (ada, bob) = (world.agent("Ada").await.id, world.agent("Bob").await.id);
    let start = async |agents: &[AgentId]| {
        let (cases, options) = (Some(world.cases.clone()), EvaluationOptions::default());
        world.service.evaluation_start_many(agents, cases, options, 1).await
    };
    for wrong in [vec![], vec![ada, ada], vec![AgentId(Uuid::nil()); 21]] {
        assert_eq!(start(&wrong).await.unwrap_err().status(), 422);
    }
    assert_eq!(start(&[ada, AgentId(Uuid::nil())]).await.unwrap_err().status(), 400);
    let every = Page { skip: 0, limit: 10 };
    assert_eq!(world.service.evaluation_list(Some(ada), every).await.unwrap().total, 0);
    let runs = start(&[ada, bob]).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.agent_id).collect::<Vec<_>>(), [ada, bob]);
    for run in runs {
        assert_eq!(ended_as(&to_its_end(&world.service, run.id).await), RunState::Completed);
    }
}

#[tokio::test]
async fn a_ranking_is_over_a_suite_a_tag_or_a_split() {
    let world = Judged::new(suites(), &["111100", "110011"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("Bob").await);
    world.run(&ada, 0..6).await;
    world.run(&bob, 0..6).await;
    let scoped = async |scope: CaseScope| world.board(LeaderboardQuery { scope, ..LeaderboardQuery::default() }).await;
    let math = scoped(CaseScope { suite: Some("math".into()), ..CaseScope::default() }).await;
    assert_eq!((names(&math), math.num_test_cases), (vec!["Ada", "Bob"], 4));
    assert_eq!((math.rows[0].task_success, math.rows[1].task_success, math.rows[0].n), (1.0, 0.5, 4));
    // Wilson of 4 of 4: 4/(4 + 1.959964²).
    close(math.rows[0].interval.0, 0.510_109);
    let long = scoped(CaseScope { tag: Some("long".into()), ..CaseScope::default() }).await;
    assert_eq!((names(&long), long.num_test_cases), (vec!["Bob", "Ada"], 2));
    let dev = scoped(CaseScope { split: Some(Split::Dev), ..CaseScope::default() }).await;
    assert_eq!(dev.num_test_cases, 4);
    let none = scoped(CaseScope { suite: Some("poems".into()), ..CaseScope::default() }).await;
    assert!(none.rows.is_empty() && none.unranked.iter().filter(|row| row.run_id.is_some()).count() == 2);
    let scopes = world.service.leaderboard_scopes().await.unwrap();
    assert!(scopes.suites.contains(&"math".into()) && scopes.tags.contains(&"long".into()));
}

#[tokio::test]
async fn categories_weigh_as_they_are_told() {
    let world = Judged::new(suites(), &["111100", "110011"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("Bob").await);
    world.run(&ada, 0..6).await;
    world.run(&bob, 0..6).await;
    let by_suite = |weights: &[(&str, f64)]| LeaderboardQuery {
        by: Some(CategoryBy::Suite),
        weights: weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect(),
        ..LeaderboardQuery::default()
    };
    // (1/2 + 1)/2 against (1 + 0)/2, though both passed four of six.
    let equal = world.board(by_suite(&[])).await;
    assert_eq!(
        (names(&equal), equal.rows[0].task_success, equal.rows[1].task_success),
        (vec!["Bob", "Ada"], 0.75, 0.5)
    );
    let told: Vec<_> =
        equal.rows[1].categories.iter().map(|one| (one.name.as_str(), one.n, one.task_success)).collect();
    assert_eq!(told, [("math", 4, Some(1.0)), ("search", 2, Some(0.0))]);
    // 3·1/4 + 0 = 0.75. Wilson of 4 of 4 is (0.510109, 1), of 0 of 2 (0, 0.657620): below 3·0.489891/4, above 0.657620/4.
    let weighed = world.board(by_suite(&[("math", 3.0)])).await;
    assert_eq!((names(&weighed), weighed.rows[0].task_success), (vec!["Ada", "Bob"], 0.75));
    close(weighed.rows[0].interval.0, 0.75 - 0.367_418);
    close(weighed.rows[0].interval.1, 0.75 + 0.164_405);
    assert!(weighed.paired_test.contains("permutation"), "{}", weighed.paired_test);
    // Two cases speak for each: 2·3/4 − 2·1/2 is as great in most draws of the signs.
    assert!(weighed.rows[1].in_top_tier);
    // The difference to a baseline is that of the scores.
    let pinned = world.board(LeaderboardQuery { baseline: Some(bob.id), ..by_suite(&[("math", 3.0)]) }).await;
    close(row(&pinned, &ada).baseline.unwrap().difference, 0.75 - 0.625);
    for wrong in [by_suite(&[("poems", 1.0)]), by_suite(&[("math", 0.0), ("search", 0.0)])] {
        assert_eq!(world.service.leaderboard(&wrong).await.unwrap_err().status(), 422);
    }
}

#[tokio::test]
async fn agents_judged_on_other_cases_are_ranked_over_those_in_common() {
    let world = Judged::new((0..10).map(case).collect(), &["110011", "111100", "11"]).await;
    let (ada, bob, cy) = (world.agent("Ada").await, world.agent("Bob").await, world.agent("Cy").await);
    world.run(&ada, 0..6).await;
    world.run(&bob, 2..8).await;
    let plain = world.board(LeaderboardQuery::default()).await;
    // Of two sets with one run each, the newer one is ranked over.
    assert_eq!((names(&plain), plain.num_test_cases), (vec!["Bob"], 6));
    assert_eq!((plain.shared.agents, plain.shared.cases, plain.shared.of), (2, 4, 8));
    assert_eq!(plain.unranked.iter().find(|row| row.agent_id == ada.id).unwrap().shared_cases, 4);
    let shared = LeaderboardQuery { cases: CaseMatch::Shared, ..LeaderboardQuery::default() };
    let board = world.board(shared.clone()).await;
    // Of cases 2 to 5 Ada passed the last two, Bob all: two cases differ, p = 2/2².
    assert_eq!((names(&board), board.num_test_cases), (vec!["Bob", "Ada"], 4));
    assert_eq!((board.rows[0].task_success, board.rows[1].task_success, board.rows[1].n), (1.0, 0.5, 4));
    close(board.rows[1].p_against_leader.unwrap(), 0.5);

    world.run(&cy, 8..10).await;
    let none = world.board(shared.clone()).await;
    assert!(none.rows.is_empty() && none.shared.cases == 0, "{none:?}");
    assert!(none.unranked.iter().any(|row| row.reason.contains("no case in common")), "{:?}", none.unranked);
    let two = world.board(LeaderboardQuery { agents: vec![ada.id, bob.id], ..shared }).await;
    assert_eq!((names(&two), two.unranked.len()), (vec!["Bob", "Ada"], 0));
}

#[tokio::test]
async fn a_case_that_was_changed_is_another_one() {
    let world = Judged::new((0..3).map(case).collect(), &["111", "110"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("Bob").await);
    world.run(&ada, 0..3).await;
    let change = TestCaseUpdate { user_input: Some("Another question".into()), ..TestCaseUpdate::default() };
    world.service.case_update(world.cases[0], change).await.unwrap();
    world.run(&bob, 0..3).await;
    let plain = world.board(LeaderboardQuery::default()).await;
    assert_eq!((names(&plain), plain.shared.cases, plain.shared.of), (vec!["Bob"], 2, 4));
    let shared = world.board(LeaderboardQuery { cases: CaseMatch::Shared, ..LeaderboardQuery::default() }).await;
    // Of the two cases in common Bob passed one.
    assert_eq!((names(&shared), shared.rows[1].task_success), (vec!["Ada", "Bob"], 0.5));
}

#[tokio::test]
async fn repeats_are_ranked_by_the_means_of_their_cases() {
    // Ada passes both cases twice; Bob the first twice, the second once.
    let world = Judged::new((0..2).map(case).collect(), &["1111", "1110"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("Bob").await);
    let twice = EvaluationOptions { repeats: Some(2), ..EvaluationOptions::default() };
    world.run_with(&ada, 0..2, twice).await;
    world.run_with(&bob, 0..2, twice).await;
    let board = world.board(LeaderboardQuery { baseline: Some(ada.id), ..LeaderboardQuery::default() }).await;
    assert_eq!((names(&board), board.num_test_cases), (vec!["Ada", "Bob"], 2));
    let bob = row(&board, &bob);
    // Of one trial 3/4 pass; of two, at least one always, both for one case of two.
    assert_eq!((bob.repeats, &bob.pass_at_k, &bob.pass_hat_k), (2, &vec![0.75, 1.0], &vec![0.75, 0.5]));
    // Differences 0 and −1/2: mean −1/4, standard error 1/4, t₁ = 12.7062, cut to what is possible.
    let delta = bob.baseline.unwrap();
    assert_eq!((delta.n, delta.difference, delta.interval, delta.p), (2, -0.25, Some((-1.0, 1.0)), 1.0));
    assert!(board.paired_test.contains("means"), "{}", board.paired_test);
}

#[tokio::test]
async fn an_agents_history_tells_which_runs_can_be_compared() {
    let world = Judged::new((0..4).map(case).collect(), &["1000", "11", "1110"]).await;
    let ada = world.agent("Ada").await;
    let runs = [world.run(&ada, 0..4).await, world.run(&ada, 0..2).await, world.run(&ada, 0..4).await];
    let history = world.service.agent_history(ada.id).await.unwrap();
    let told: Vec<_> = history.runs.iter().map(|run| (run.run_id, run.case_set, run.n, run.task_success)).collect();
    let expected = [(1, 4, 0.25), (2, 2, 1.0), (1, 4, 0.75)];
    let expected = runs.into_iter().zip(expected).map(|(run, (set, n, share))| (run, set, n, Some(share)));
    assert_eq!(told, expected.collect::<Vec<_>>());
    assert!(history.runs.is_sorted_by_key(|run| run.completed_at));
    assert_eq!(world.service.agent_history(AgentId(Uuid::nil())).await.unwrap_err().status(), 404);
}

#[tokio::test]
async fn votes_rate_agents_once_everybody_won_and_lost() {
    let world = World::new();
    let service = world.start().await;
    let named = async |name: &str| {
        service.agent_create(AgentCreate { name: Some(name.into()), ..AgentCreate::default() }).await.unwrap()
    };
    let (ada, bob) = (named("Ada").await, named("Bob").await);
    let empty = service.vote_ranking().await.unwrap();
    assert!(empty.rows.is_empty() && empty.not_ranked.unwrap().contains("Nobody has voted yet"));
    let vote = async |verdict: Verdict, winner: Option<AgentId>| {
        let candidate = |agent: &Agent| Candidate { agent_id: agent.id, conversation_id: ConversationId(Uuid::nil()) };
        let candidates = vec![candidate(&ada), candidate(&bob)];
        service.vote_cast(VoteDraft { question: "Who?".into(), candidates, verdict, winner }).await.unwrap();
    };
    for _ in 0..10 {
        vote(Verdict::Winner, Some(ada.id)).await;
    }
    let one_sided = service.vote_ranking().await.unwrap();
    assert!(one_sided.rows.iter().all(|row| row.rating.is_none()));
    assert_eq!(one_sided.groups.len(), 2);
    let why = one_sided.not_ranked.unwrap();
    assert!(why.contains("Ada") && why.contains("Bob"), "{why}");

    vote(Verdict::Winner, Some(bob.id)).await;
    let ranking = service.vote_ranking().await.unwrap();
    // Odds of ten to one are 400 points around 1000.
    let ratings: Vec<_> =
        ranking.rows.iter().map(|row| (row.agent_name.as_str(), row.rating.unwrap().round())).collect();
    assert_eq!((ratings, ranking.num_votes, ranking.not_ranked), (vec![("Ada", 1200.0), ("Bob", 800.0)], 11, None));
    let (low, high) = ranking.rows[0].interval.unwrap();
    assert!(low < 1200.0 && high > 1200.0, "{low} {high}");
    assert_eq!((ranking.rows[0].wins, ranking.rows[0].ties, ranking.rows[0].losses), (10, 0, 1));
    vote(Verdict::BothBad, None).await;
    assert_eq!(service.vote_ranking().await.unwrap().rows[1].ties, 1);
}

#[tokio::test]
async fn runs_are_compared_by_each_metric_and_by_reward_overall() {
    let world = Judged::new((0..4).map(case).collect(), &["1110", "1000", "11"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("Bob").await);
    let (first, second) = (world.run(&ada, 0..4).await, world.run(&bob, 0..4).await);
    let found = world.service.evaluation_compare(&[second, first]).await.unwrap();
    assert_eq!(found.agent_metrics[&ada.id].task_success, 0.75);
    for metric in ["task_success", "response_quality", "reward"] {
        assert_eq!((&found.rankings[metric], found.best_agent[metric]), (&vec![ada.id, bob.id], ada.id), "{metric}");
    }
    // Nothing checks the tools of these cases.
    assert!(
        found.rankings["tool_usage_efficiency"].is_empty() && !found.best_agent.contains_key("tool_usage_efficiency")
    );
    assert_eq!((found.best_overall, found.same_cases), (Some(ada.id), true));
    assert_eq!(world.service.evaluation_compare(&[]).await.unwrap(), found);

    let other = world.run(&bob, 0..2).await;
    let found = world.service.evaluation_compare(&[first, other]).await.unwrap();
    assert_eq!((found.best_overall, found.same_cases), (Some(bob.id), false));
    assert_eq!(world.service.evaluation_compare(&[second, other]).await.unwrap_err().status(), 400);
    assert_eq!(world.service.evaluation_compare(&[RunId(Uuid::nil())]).await.unwrap_err().status(), 404);
}

#[tokio::test]
async fn a_ranking_is_exported_as_it_is_shown() {
    let world = Judged::new((0..2).map(case).collect(), &["11", "10"]).await;
    let (ada, bob) = (world.agent("Ada").await, world.agent("=Bob|").await);
    world.run(&ada, 0..2).await;
    world.run(&bob, 0..2).await;
    let query = LeaderboardQuery { baseline: Some(ada.id), ..LeaderboardQuery::default() };
    let written = async |format| world.service.leaderboard_export(&query, format).await.unwrap();
    let json: Leaderboard = serde_json::from_str(&written(BoardFormat::Json).await).unwrap();
    assert_eq!(json, world.board(query.clone()).await);
    let csv = written(BoardFormat::Csv).await;
    assert!(csv.lines().any(|line| line.starts_with("'=Bob|,openai,1,2,0.5,")), "{csv}");
    let markdown = written(BoardFormat::Markdown).await;
    assert!(markdown.contains("| =Bob\\| | 50.0% ("), "{markdown}");
}
