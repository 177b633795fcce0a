/** Whether this phone joined since the page was opened: the coordinator who helped still stands beside it. */
export const justJoined = $state({ is: false });
