-- DuckDB
SELECT (p_alert_context ->> 'member') AS member, count_star() AS adds, min(p_event_time) AS first_add, max(p_event_time) AS last_add FROM rule_matches WHERE ((p_rule_id = 'okta/mfa-bypass-group-member-added') AND ((p_event_time >= CAST('2024-05-31 12:00:00.000' AS TIMESTAMP)) AND (p_event_time < CAST('2024-06-30 12:00:00.000' AS TIMESTAMP)))) GROUP BY member HAVING (count_star() > 2) ORDER BY adds DESC, member NULLS LAST
-- alasql
SELECT `s`.`o1` AS `member`, `s`.`o2` AS `adds`, `s`.`o3` AS `first_add`, `s`.`o4` AS `last_add`
FROM (SELECT `s`.`o1` AS `o1`, `s`.`o2` AS `o2`, `s`.`o3` AS `o3`, `s`.`o4` AS `o4`, m_null_rank(`s`.`o2`) AS `n1`, m_sort_key(`s`.`o2`) AS `k1`, m_null_rank(`s`.`o1`) AS `n2`, m_sort_key(`s`.`o1`) AS `k2`
FROM (SELECT m_key_at(`s`.`k`, 0) AS `o1`, `s`.`a1` AS `o2`, `s`.`a2` AS `o3`, `s`.`a3` AS `o4`
FROM (SELECT `s`.`k` AS `k`, COUNT(`s`.`x1`) AS `a1`, M_MIN(`s`.`x2`) AS `a2`, M_MAX(`s`.`x3`) AS `a3`
FROM (SELECT m_key(m_json_get(`t1`.`p_alert_context`, 'member')) AS `k`, 1 AS `x1`, `t1`.`p_event_time` AS `x2`, `t1`.`p_event_time` AS `x3` FROM `rule_matches` AS `t1` WHERE m_and(m_eq(`t1`.`p_rule_id`, 'okta/mfa-bypass-group-member-added'), m_and(m_ge(`t1`.`p_event_time`, '2024-05-31T12:00:00.000Z'), m_lt(`t1`.`p_event_time`, '2024-06-30T12:00:00.000Z')))) AS `s` GROUP BY `s`.`k`) AS `s` WHERE m_gt(`s`.`a1`, 2)) AS `s`) AS `s` ORDER BY `s`.`n1` ASC, `s`.`k1` DESC, `s`.`n2` ASC, `s`.`k2` ASC
