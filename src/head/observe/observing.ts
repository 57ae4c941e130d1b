/** What the shim and the logs are told of a job that is only observed. */
export const observing = 'observe-only: this job is only written down (paceline observed)'
