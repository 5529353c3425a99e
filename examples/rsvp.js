// RSVP.js - who is coming to the party?
exports.init = async () => {
  await System.files.mkdir('/rsvps')
}
exports.RSVP = async (isAttending, reason) => {
  await System.files.writeFile(`/rsvps/${System.caller.id}.json`, JSON.stringify({
    who: System.caller.id,
    isAttending,
    reason
  }))
}
