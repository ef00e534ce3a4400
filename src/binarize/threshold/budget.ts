/** What a search may still cost, in operations: cells of tables and steps through the inputs. Shared by many searches. */
export interface SearchBudget {
  remaining: number;
}
