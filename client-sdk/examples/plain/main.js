// A whole meeting without a framework. `npx vite client-sdk/examples/plain` serves it.
import { joinAsGuest, Room } from '@parley/client-sdk';

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (byId('join'));
const controls = byId('controls');
const status = byId('status');
/** Elements, by what they show or play. @type {Map<import('@parley/client-sdk').Publication, HTMLMediaElement>} */
const elements = new Map();

/** Errors of the SDK say what happened and what to do, in words for people. @param {unknown} error */
const tell = (error) => {
  status.textContent = error instanceof Error ? error.message : String(error);
};

/** @param {import('@parley/client-sdk').Publication} publication @param {boolean} own */
function show(publication, own) {
  if (elements.has(publication) || (own && publication.kind === 'audio')) return;
  const element = document.createElement(publication.kind);
  element.autoplay = true;
  element.muted = publication.kind === 'video';
  element.setAttribute('playsinline', '');
  element.classList.toggle('own', own && publication.source === 'camera');
  elements.set(publication, publication.attach(element));
  byId('tiles').append(element);
}

/** @param {import('@parley/client-sdk').Publication} publication */
function hide(publication) {
  const element = elements.get(publication);
  if (!element) return;
  publication.detach(element).remove();
  elements.delete(publication);
}

/** @param {Room} room */
function listen(room) {
  room.on('trackSubscribed', (_track, publication) => show(publication, false));
  room.on('publicationRemoved', hide);
  room.on('localPublicationAdded', (publication) => show(publication, true));
  room.on('localPublicationRemoved', hide);
  room.on('stateChanged', tell);
  room.on('deviceError', tell);
  room.on('disconnected', ({ message }) => {
    [...elements.keys()].forEach(hide);
    controls.hidden = true;
    form.hidden = false;
    tell(message);
  });
  // What was published before one came.
  for (const { publications } of room.remoteParticipants.values())
    for (const publication of publications.values()) show(publication, false);
}

/** @param {Room} room */
function control(room) {
  const me = room.localParticipant;
  /** @type {Record<string, (on: boolean) => Promise<void>>} */
  const set = {
    microphone: (on) => me.setMicrophoneEnabled(on),
    camera: (on) => me.setCameraEnabled(on),
    screen: (on) => me.setScreenShareEnabled(on),
  };
  controls.onclick = ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    const { source } = target.dataset;
    if (source === 'microphone' || source === 'camera' || source === 'screen')
      set[source]?.(!me.isEnabled(source)).catch(tell);
    else room.leave().catch(tell);
  };
}

form.onsubmit = async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const entered = new FormData(form);
  /** @param {string} name */
  const field = (name) => String(entered.get(name));
  try {
    const { url, token } = await joinAsGuest(field('server'), field('room'), {
      displayName: field('displayName'),
      create: true,
    });
    const room = await Room.connect(url, token);
    listen(room);
    control(room);
    form.hidden = true;
    controls.hidden = false;
    tell(`You are in ${room.name}.`);
    await room.localParticipant.setMicrophoneEnabled(true);
    await room.localParticipant.setCameraEnabled(true);
  } catch (error) {
    tell(error);
  }
};
